import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { createApp } from "./app.ts";
import { buildPage } from "./cli/build-page.ts";
import type { Command, CommandIo } from "./cli/command.ts";
import { isDatabaseGone } from "./store/is-database-gone.ts";
import { openStore, type Store } from "./store/open-store.ts";
import { StartRefused } from "./store/start-refused.ts";

/** From the first signal to the end of the process, drained or not. */
const stopMs = 25_000;
/** Per cent of what is in use that the heap may grow by before garbage is looked for (docs/decisions/0011). */
const heapGrowingPercent = 150;
/** Ctrl-C under npm arrives twice, from the terminal and from npm: a second signal counts after that. */
const sameSignalMs = 1_000;

export const command: Command = {
  summary: "Start Patchbay: database, workers, API and page",
  usage: `start

Settings come from the environment: PORT, HOST, DATABASE_URL, PATCHBAY_DATA and others (see docs).
Ctrl-C or SIGTERM stops it within 25 seconds, handing back what isn't finished; a second one at once`,
  run: async (args, io) => {
    parseArgs({ args: [...args], options: {} });
    setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`);
    const stopSignal = listenForStop(io);
    if (io.config.roles.includes("api")) buildPage(io.note);
    const store = await openStore({ ...io.config, say: io.note });
    let app: ReturnType<typeof createApp>;
    try {
      app = createApp(io.config, store);
      const { url, setupCode } = await app.start();
      for (const line of welcome(url, setupCode, store)) io.out(line);
    } catch (error) {
      await store.close();
      throw refusalFor(error, io);
    }
    await stopSignal;
    await app.stop();
    await store.close();
    io.note("Stopped.");
    return 0;
  },
};

function welcome(url: string | null, setupCode: string | null, store: Store): readonly string[] {
  return [
    "",
    url === null ? "  Patchbay runs (no API in this process)" : `  Patchbay is ready:  ${url}`,
    `  Data:               ${store.place}`,
    ...(setupCode === null ? [] : [`  Set it up with code ${setupCode}`]),
    "",
  ];
}

/** Resolves at the first signal, or when the process that runs this one was killed; sees that the end comes in time. */
function listenForStop(io: CommandIo): Promise<void> {
  return new Promise((stop) => {
    let firstAt = 0;
    const onStop = (): void => {
      if (firstAt === 0) {
        firstAt = Date.now();
        io.note("Stopping …");
        setTimeout(() => {
          io.note("Not everything ended within 25 s; what is unfinished is taken up at the next start.");
          process.exit(1);
        }, stopMs).unref();
        stop();
      } else if (Date.now() - firstAt > sameSignalMs) {
        process.exit(1);
      }
    };
    process.on("SIGTERM", onStop);
    process.on("SIGINT", onStop);
    process.on("SIGHUP", onStop);
    process.on("disconnect", onStop);
  });
}

function refusalFor(error: unknown, { config }: CommandIo): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") {
    return new StartRefused(
      `Port ${config.port} on ${config.host} is taken by another program. Stop that, or set PORT.`,
    );
  }
  if (code === "EACCES") {
    return new StartRefused(`This user may not listen on port ${config.port}. Set PORT to 1024 or higher.`);
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new StartRefused(
      `This machine has no address ${config.host}. Set HOST to 127.0.0.1, 0.0.0.0 or one of its own.`,
    );
  }
  if (isDatabaseGone(error)) {
    return new StartRefused(
      "The database went away while Patchbay started. See that it runs, and start Patchbay again.",
    );
  }
  return error;
}
