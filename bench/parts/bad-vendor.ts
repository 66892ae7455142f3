import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type BadVendor = AsyncDisposable & {
  readonly port: number;
  readonly requests: number;
  /** Says nothing at all; else answers 500 at once. */
  hangs: boolean;
  /** Closes what hangs. */
  readonly letGo: () => void;
};

/** A vendor that says no or nothing. */
export async function startBadVendor(): Promise<BadVendor> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    request.resume();
    request.on("end", () => {
      if (!vendor.hangs) response.writeHead(500, { "content-length": 0 }).end();
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const vendor: BadVendor = {
    port: (server.address() as AddressInfo).port,
    get requests() {
      return requests;
    },
    hangs: false,
    letGo: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return vendor;
}
