import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkout } from "../../test/patchbay-process.ts";
import type { LoadMessage, LoadOrder, LoadReport } from "./load-generator.ts";

/** The yardstick of the specification, which lies outside of this checkout and is used as it is; its vendor beside it. */
const yardstick = resolve(checkout, process.env["YARDSTICK"] ?? "../shared/bench/bare-loop.mjs");

export type Sink = AsyncDisposable & {
  readonly port: number;
  readonly pid: number;
  /** How many requests have come. */
  readonly count: () => Promise<number>;
};

/** The yardstick's vendor: answers about 1 KB, at once or after so long. */
export async function startSink(delayMs = 0): Promise<Sink> {
  const port = await freePort();
  const child = start([join(dirname(yardstick), "sink.mjs"), String(port), String(delayMs)], {});
  const count = async (): Promise<number> => Number(await (await fetch(`http://127.0.0.1:${port}/count`)).text());
  await answers(child, count);
  return { port, pid: child.pid!, count, [Symbol.asyncDispose]: () => end(child) };
}

export type BareLoop = AsyncDisposable & { readonly port: number; readonly pid: number };

/** The yardstick, on a database of its own. */
export async function startBareLoop(databaseUrl: string, vendorPort: number): Promise<BareLoop> {
  const port = await freePort();
  const child = start([yardstick], {
    DATABASE_URL: databaseUrl,
    SINK: `http://127.0.0.1:${vendorPort}`,
    PORT: String(port),
  });
  await answers(child, () => fetch(`http://127.0.0.1:${port}/stat`));
  return { port, pid: child.pid!, [Symbol.asyncDispose]: () => end(child) };
}

export type LoadGenerator = AsyncDisposable & {
  readonly pid: number;
  readonly start: (order: LoadOrder) => void;
  /** What was sent since, and what was refused by its status. */
  readonly stop: () => Promise<LoadReport>;
};

export function startLoadGenerator(): LoadGenerator {
  const child = fork(join(import.meta.dirname, "load-generator.ts"), { stdio: "inherit" });
  killAtExit(child);
  const say = (message: LoadMessage): void => void child.send(message);
  return {
    pid: child.pid!,
    start: (order) => say({ do: "start", order }),
    stop: async () => {
      const heard = new AbortController();
      const { signal } = heard;
      const ended = once(child, "exit", { signal }).then(() => {
        throw new Error("the load generator ended");
      });
      const report = once(child, "message", { signal });
      say({ do: "stop" });
      try {
        const [first] = (await Promise.race([report, ended])) as [LoadReport];
        return first;
      } finally {
        ended.catch(() => {}); // nobody listens any more
        heard.abort();
      }
    },
    [Symbol.asyncDispose]: () => end(child),
  };
}

function start(args: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, args, {
    // where the yardstick finds fastify, pg and undici: this project's own
    cwd: checkout,
    env: { PATH: process.env["PATH"] ?? "", ...environment },
    stdio: ["ignore", "inherit", "inherit"],
  });
  killAtExit(child);
  return child;
}

/** However the bench ends, nothing that it started stays behind. */
function killAtExit(child: ChildProcess): void {
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

async function answers(child: ChildProcess, ask: () => Promise<unknown>): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(" ")} ended before it answered`);
    try {
      await ask();
      return;
    } catch {
      await sleep(20);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
