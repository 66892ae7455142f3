// A whole server in a process of its own, which tells its parent what the requests cost it. Started with --expose-gc.
import { createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Question, Told } from "./server-process.ts";

const reading = readConfig(process.env);
if (!reading.ok) throw new Error(reading.problems.join("\n"));
const store = await openStore({ ...reading.config, say: () => {} });
const app = createApp(reading.config, store);
const { url } = await app.start();

/** The longest time for which the event loop was held, in processor time of this thread: it counts no waiting for others' work. */
let heldMs = 0;
let before = process.threadCpuUsage();
const watch = setInterval(() => {
  const used = process.threadCpuUsage(before);
  heldMs = Math.max(heldMs, (used.user + used.system) / 1000);
  before = process.threadCpuUsage();
}, 5);

const tell = (told: Told): void => void process.send?.(told);
process.on("message", (question: Question) => {
  if (question === "stop") {
    clearInterval(watch);
    void app.stop().then(async () => {
      await store.close();
      process.exit(0);
    });
    return;
  }
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  tell({ heldMs, usedBytes: heapUsed + external, rssBytes: rss });
});
tell({ url: url ?? "" });
