import { ApiProblem, problemOf } from "../api.ts";

/** Why a tail is not there, and when it is worth another try; null: never, as long as nothing else changes. */
class TailRefused extends Error {
  readonly problem: ApiProblem;
  readonly againMs: number | null;
  constructor(problem: ApiProblem, againMs: number | null) {
    super(problem.message);
    this.problem = problem;
    this.againMs = againMs;
  }
}

/**
 * Reads server-sent events until their end, which is no fault. `opened`: from here on all is told. Throws TailRefused when
 * the server says no; whatever else is thrown is the network's. Not by EventSource, which does not tell what the answer was
 * and asks again as fast after a refusal as after a break.
 */
async function readEvents(
  url: string,
  signal: AbortSignal,
  on: { readonly opened: () => void; readonly told: (data: string) => void },
): Promise<void> {
  const answer = await fetch(url, { credentials: "same-origin", headers: { accept: "text/event-stream" }, signal });
  if (!answer.ok || answer.body === null) throw await refusalOf(answer);
  on.opened();
  const lines = createLineReader((line) => {
    if (line.startsWith("data: ")) on.told(line.slice("data: ".length));
  });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    lines(value);
  }
}

/** Takes pieces of a text, gives its whole lines. Each event of ours has one line of data. */
export function createLineReader(take: (line: string) => void): (piece: string) => void {
  let rest = "";
  return (piece) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  };
}

async function refusalOf(answer: Response): Promise<TailRefused> {
  const seconds = Number(answer.headers.get("retry-after"));
  const problem = await problemOf(answer);
  const canChange = answer.status === 429 || answer.status >= 500;
  return new TailRefused(problem, canChange ? Math.max(5, seconds || 5) * 1_000 : null);
}

const againMs = 2_000;
const againMostMs = 60_000;

/**
 * Reads a tail, and again when it ends: soon after one that went on, later and later while nothing comes of it, and not
 * before the server said. `inTrouble`: it is not there, and why; a tail that ends is no trouble until it does not come back.
 */
export async function keepTail(
  url: string,
  signal: AbortSignal,
  on: { readonly opened: () => void; readonly told: (data: string) => void },
  inTrouble: (words: string, problem: ApiProblem | null) => void,
): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    let waitMs = againMs;
    try {
      await readEvents(url, signal, {
        ...on,
        opened: () => {
          failures = 0;
          on.opened();
        },
      });
    } catch (error) {
      if (signal.aborted) return;
      waitMs = Math.min(againMs * 2 ** failures++, againMostMs);
      if (error instanceof TailRefused) {
        if (error.againMs === null) return inTrouble(`Live is off: ${error.message}`, error.problem);
        waitMs = Math.max(waitMs, error.againMs);
        inTrouble(`Live is off: ${error.message}`, error.problem);
      } else if (failures > 1) inTrouble("Live is being connected again", null);
    }
    await pause(waitMs, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
