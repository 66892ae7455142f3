import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type ClockedVendor = AsyncDisposable & {
  readonly port: number;
  /** When the delivery of each lead came, by performance.now(), the first time. */
  readonly arrivals: Map<number, number>;
};

/** A vendor in this process, so that sending and arriving are told by one clock. Answers at once, about 1 KB. */
export async function startClockedVendor(): Promise<ClockedVendor> {
  const body = JSON.stringify({ success: true, data: { id: 1, note: "x".repeat(900) } });
  const arrivals = new Map<number, number>();
  const server = createServer((request, response) => {
    const at = performance.now();
    let text = "";
    request.setEncoding("latin1").on("data", (piece: string) => (text += piece));
    request.on("end", () => {
      const lead = Number(/"lead_id":(\d+)/.exec(text)?.[1]);
      if (!arrivals.has(lead)) arrivals.set(lead, at);
      response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
      response.end(body);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    arrivals,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
