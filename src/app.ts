import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Config } from "./config.ts";
import type { Store } from "./store/open-store.ts";

export type App = {
  /** `url`: where it listens; null: this process serves no API. `setupCode`: while nobody has set it up. */
  readonly start: () => Promise<{ readonly url: string | null; readonly setupCode: string | null }>;
  readonly stop: () => Promise<void>;
};

/** The one place where parts are put together. */
export function createApp(config: Config, { database }: Store): App {
  const server = createServer((request, response) => {
    if (request.url === "/healthz") {
      database.query("select 1").then(
        () => response.writeHead(200).end("ok\n"),
        () => response.writeHead(503, { "retry-after": "1" }).end("the database is away\n"),
      );
    } else response.writeHead(404).end();
  });
  return {
    start: () =>
      new Promise((done, fail) => {
        server.once("error", fail);
        server.listen(config.port, config.host, () => {
          const { port } = server.address() as AddressInfo;
          done({ url: `http://${config.host}:${port}`, setupCode: null });
        });
      }),
    stop: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      }),
  };
}
