import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../store/database.ts";
import type { Log } from "./log.ts";

/**
 * Listens on channels over a connection of its own, and makes that anew whenever it breaks. `onNotice` is also called
 * when the connection is back, since notices may have been missed. Returns how to end it.
 */
export function listen(
  db: Database,
  channels: readonly string[],
  onNotice: (channel: string) => void,
  log: Log,
): () => Promise<void> {
  const stop = new AbortController();
  const loop = async (): Promise<void> => {
    for (let pauseMs = 200; !stop.signal.aborted; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      try {
        const client = await db.pool.connect();
        const broken = new Promise<void>((resolve) => {
          client.on("error", () => resolve());
          client.on("end", () => resolve());
          stop.signal.addEventListener("abort", () => resolve(), { once: true });
          if (stop.signal.aborted) resolve(); // it was told to end while it connected
        });
        client.on("notification", ({ channel }) => onNotice(channel));
        try {
          for (const channel of channels) await client.query(`listen ${channel}`);
          pauseMs = 200;
          for (const channel of channels) onNotice(channel);
          await broken;
        } finally {
          client.release(true); // a listening session goes back to no pool
        }
      } catch (error) {
        log.debug({ err: error }, "not listening for hints; polling goes on");
      }
      await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => {});
    }
  };
  const running = loop();
  return async () => {
    stop.abort();
    await running;
  };
}
