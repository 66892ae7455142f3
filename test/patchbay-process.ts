import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** This checkout, and the Node that runs the tests (the pinned one). */
export const checkout = join(import.meta.dirname, "..");

type Options = {
  readonly environment?: Readonly<Record<string, string>>;
  readonly checkout?: string;
  /** Whom to run as, when we are root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly input?: string;
  /** The Node that is asked; unset: the one that runs the tests. */
  readonly node?: string;
  /** Options of `patchbay start`. */
  readonly options?: readonly string[];
};

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

export type RunningPatchbay = {
  readonly url: string;
  /** Of the server itself, which is another one after each crash. */
  readonly pid: number;
  /** Of the process that was started, and starts the server again. */
  readonly supervisorPid: number;
  /** What it has printed so far, both streams. */
  readonly printed: () => string;
  /** Nobody reads what it prints any more: its pipes break. */
  readonly stopReading: () => void;
  /**
   * Sends the signal, SIGTERM unless told otherwise, and waits for the end. SIGKILL comes to the server and its supervisor
   * at once: nothing of them does anything more.
   */
  readonly end: (signal?: NodeJS.Signals) => Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Runs a patchbay command to its end, as a process of its own. Nothing of our environment but PATH reaches it. */
export async function runPatchbay(args: readonly string[], options: Options = {}): Promise<Ended> {
  const child = spawnPatchbay(args, options);
  const [out, err] = [collect(child, "stdout"), collect(child, "stderr")];
  child.stdin?.end(options.input ?? "");
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out: out(), err: err() };
}

/** Starts `patchbay start` as a process of its own, on a free port, and waits until it is ready. */
export async function startPatchbay(options: Options = {}): Promise<RunningPatchbay> {
  const args = ["start", ...(options.options ?? [])];
  const child = spawnPatchbay(args, { ...options, environment: { PORT: "0", ...options.environment } });
  const [out, err] = [collect(child, "stdout"), collect(child, "stderr")];
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  const ready = (): string | undefined => /Patchbay is ready: +(http\S+)/.exec(out())?.[1];
  const printed = (): string => out() + err();
  const readyOrEnded = new Promise<void>((done) => {
    child.stdout?.on("data", () => {
      if (ready() !== undefined) done();
    });
    child.on("close", () => {
      done();
    });
  });
  await readyOrEnded;
  const url = ready();
  if (url === undefined) throw new Error(`patchbay start ended before it was ready:\n${printed()}`);
  const end: RunningPatchbay["end"] = async (name = "SIGTERM") => {
    if (name === "SIGKILL") killAll(child);
    else child.kill(name);
    const [code, signal] = await ended;
    return { code, signal };
  };
  return {
    url,
    get pid() {
      return childrenOf(child.pid!)[0] ?? child.pid!;
    },
    supervisorPid: child.pid!,
    printed,
    stopReading: () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
    end,
    [Symbol.asyncDispose]: async () => {
      await end();
    },
  };
}

function spawnPatchbay(args: readonly string[], options: Options): ChildProcess {
  const program = join(options.checkout ?? checkout, "bin", "patchbay.js");
  const child = spawn(options.node ?? process.execPath, [program, ...args], {
    cwd: "/",
    env: { PATH: process.env["PATH"] ?? "", ...options.environment },
    ...options.user,
  });
  // a test that fails before it ends what it started must not leave it running
  const kill = (): void => killAll(child);
  process.once("exit", kill);
  child.once("close", () => process.off("exit", kill));
  return child;
}

/** The supervisor is stopped first, so that it starts nothing again meanwhile. */
function killAll(supervisor: ChildProcess): void {
  if (supervisor.pid === undefined || supervisor.exitCode !== null || supervisor.signalCode !== null) return;
  supervisor.kill("SIGSTOP");
  for (const pid of childrenOf(supervisor.pid)) process.kill(pid, "SIGKILL");
  supervisor.kill("SIGKILL");
}

function childrenOf(pid: number): number[] {
  const list = (): string => {
    try {
      return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    } catch {
      return spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" }).stdout ?? "";
    }
  };
  return list().trim().split(/\s+/).filter(Boolean).map(Number);
}

function collect(child: ChildProcess, stream: "stdout" | "stderr"): () => string {
  let text = "";
  child[stream]?.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  return () => text;
}
