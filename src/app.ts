import type { AddressInfo } from "node:net";
import pino from "pino";
import type { Config } from "./config.ts";
import { registerHealth } from "./http/health.ts";
import { createServer } from "./http/server.ts";
import type { Store } from "./store/open-store.ts";

export type App = {
  /** `url`: where it listens; null: this process serves no API. `setupCode`: while nobody has set it up. */
  readonly start: () => Promise<{ readonly url: string | null; readonly setupCode: string | null }>;
  readonly stop: () => Promise<void>;
};

/** The one place where parts are put together. */
export function createApp(config: Config, store: Store): App {
  const log = pino({ level: config.logLevel });
  const server = createServer({ trustProxy: config.trustProxy, log });
  return {
    start: async () => {
      const http = await server;
      registerHealth(http, store.database);
      await http.listen({ port: config.port, host: config.host });
      const { port } = http.server.address() as AddressInfo;
      return { url: config.publicUrl ?? `http://${config.host}:${port}`, setupCode: null };
    },
    stop: async () => {
      await (await server).close();
    },
  };
}
