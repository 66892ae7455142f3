import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export type Question = "cost" | "stop";
export type Told = { readonly url: string } | Cost;
export type Cost = {
  /** The longest time for which the event loop was held, in milliseconds of the thread's processor time. */
  readonly heldMs: number;
  /** In use after a collection of garbage, buffers included. */
  readonly usedBytes: number;
  readonly rssBytes: number;
};

export type ServerProcess = {
  readonly url: string;
  readonly cost: () => Promise<Cost>;
  /** What it printed: its log. */
  readonly printed: () => string;
  readonly hasEnded: () => boolean;
  readonly stop: () => Promise<void>;
};

/** A server that says nothing for so long hangs. */
const patienceMs = 60_000;

/** The whole application in a process of its own. */
export async function startServer(environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const child = fork(join(import.meta.dirname, "server.ts"), {
    execArgv: ["--expose-gc"],
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", ...environment },
    silent: true,
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => (printed = (printed + text).slice(-20_000)));
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  const ended = once(child, "exit").then(() => {
    throw new Error(`The server ended:\n${printed}`);
  });
  ended.catch(() => {}); // who waits for a message hears of it
  const told = async (): Promise<Told> => {
    const signal = AbortSignal.timeout(patienceMs);
    const answer = once(child, "message", { signal }).catch(() => {
      throw new Error(`The server's event loop was held for ${patienceMs / 1_000} s.`);
    });
    const [message] = (await Promise.race([answer, ended])) as [Told];
    return message;
  };
  const first = await told();
  if (!("url" in first)) throw new Error("The server did not say where it listens.");
  return {
    url: first.url,
    cost: async () => {
      child.send("cost" satisfies Question);
      return (await told()) as Cost;
    },
    printed: () => printed,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.send("stop" satisfies Question);
      const late = setTimeout(kill, patienceMs);
      await once(child, "exit");
      clearTimeout(late);
    },
  };
}
