import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import pino from "pino";
import { createApp } from "./app.ts";
import { buildPage } from "./cli/build-page.ts";
import type { Command, CommandIo } from "./cli/command.ts";
import { isDatabaseGone } from "./store/is-database-gone.ts";
import { openStore, type Store } from "./store/open-store.ts";
import { StartRefused } from "./store/start-refused.ts";

/** From the first signal to the end of the process, drained or not: a second less than its supervisor waits. */
const stopMs = 24_000;
/** Per cent of what is in use that the heap may grow by before garbage is looked for (docs/decisions/0011). */
const heapGrowingPercent = 150;
/** Ctrl-C under npm arrives twice, from the terminal and from npm: a second signal counts after that. */
const sameSignalMs = 1_000;
/** The exit code after an exception that reached nobody, as bin/supervise.js knows it. */
const faultCode = 70;

export const command: Command = {
  summary: "Start Patchbay: database, workers, API and page",
  usage: `start [--no-supervisor]

  --no-supervisor    somebody else starts it again when it ends by a crash

Settings come from the environment: PORT, HOST, DATABASE_URL, PATCHBAY_DATA and others (see docs).
Ctrl-C or SIGTERM stops it within 25 seconds, handing back what isn't finished; a second one at once`,
  run: async (args, io) => {
    // bin/patchbay.js has obeyed the option already
    parseArgs({ args: [...args], options: { "no-supervisor": { type: "boolean" } } });
    setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`);
    endAtFaults(io);
    const stopSignal = listenForStop(io);
    if (io.config.roles.includes("api")) buildPage(io.note);
    const store = await openStore({ ...io.config, say: io.note });
    let app: ReturnType<typeof createApp>;
    try {
      app = createApp(io.config, store);
      const { url, port, setupCode } = await app.start();
      // at once: whoever waits for the address has the rest with it
      io.out(welcome(url, setupCode, store).join("\n"));
      tellSupervisor({ ready: port });
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
    ...(store.runsAs == null ? [] : [`  PostgreSQL runs as: ${store.runsAs}`]),
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
        tellSupervisor({ stopping: true });
        io.note("Stopping …");
        setTimeout(() => {
          io.note("Not everything ended in time; what is unfinished is taken up at the next start.");
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

/** What bin/supervise.js hears from its child. */
function tellSupervisor(message: { readonly ready: number } | { readonly stopping: true }): void {
  if (process.connected) process.send?.(message);
}

/** An exception that reached nobody leaves the process in no known state: it ends at once, and what it had begun is taken over from it. */
function endAtFaults(io: CommandIo): void {
  process.on("uncaughtException", (error, origin) => {
    const log = pino({ level: io.config.logLevel }, pino.destination({ dest: 2, sync: true }));
    try {
      log.fatal({ err: error, origin }, "Patchbay ends by a fault of its own");
    } finally {
      process.exit(faultCode);
    }
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
