import { problems, type Problem, type ProblemCode, type ProblemPlace } from "../contracts/problem.ts";
import type { Refused } from "./payload-limit.ts";

type Particulars = {
  /** What is wrong here, in words; unset: what the code says in general. */
  readonly detail?: string;
  readonly errors?: readonly ProblemPlace[];
  readonly held?: Problem["held"];
  readonly conflict?: Problem["conflict"];
  readonly retryAfterSeconds?: number;
  /** For the operator's log only. */
  readonly cause?: unknown;
};

/**
 * A refusal that a person has to hear. Thrown, not returned, where work in a transaction must be undone by it; `http`
 * turns it into a problem document, `cli` into a line.
 */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly errors: readonly ProblemPlace[];
  readonly held: Problem["held"];
  readonly conflict: Problem["conflict"];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, particulars: Particulars = {}) {
    super(particulars.detail ?? problems[code][1], { cause: particulars.cause });
    this.code = code;
    this.errors = particulars.errors ?? [];
    this.held = particulars.held;
    this.conflict = particulars.conflict;
    this.retryAfterSeconds = particulars.retryAfterSeconds;
  }
}

/** One place that can't be taken. */
export function badInput(path: string, message: string): ProblemError {
  return new ProblemError("bad_input", { errors: [{ path, message }] });
}

/** What can't be shown since it would be too large: where, how large it may be and what to do. */
export function tooLargeProblem({ diagnosis: { message, fix }, path = "" }: Refused): ProblemError {
  return new ProblemError("payload_too_large", { errors: [{ path, message: `${message}. ${fix}` }] });
}
