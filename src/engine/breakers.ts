import type { AccountId, ConnectId } from "../contracts/ids.ts";
import { nextBreaker, type Sign } from "../core/breaker.ts";
import { lockBreaker, writeBreaker } from "../store/breakers.ts";
import type { Database } from "../store/database.ts";
import type { EndedAttempt } from "../store/settle-attempts.ts";
import type { Log } from "./log.ts";

type Told = {
  readonly accountId: AccountId;
  readonly connectId: ConnectId;
  readonly sign: Sign;
  readonly startedAt: number;
};

export type Breakers = {
  /** An attempt of a connect ended. `troubled`: something is remembered of the connect, so that good news counts too. */
  readonly tell: (told: Told, troubled: boolean) => void;
  /** Resolves when what was told is written. */
  readonly settled: () => Promise<void>;
};

/**
 * Keeps the connects' breakers, which hold for all processes: what this one sees is written connect by connect, in the
 * order in which it came. A vendor that works costs nothing. What a crash forgets are some of the last attempts' signs.
 */
export function keepBreakers(db: Database, log: Log, onChange: () => void): Breakers {
  let told: Told[] = [];
  const troubledHere = new Set<string>();
  let writing: Promise<void> | null = null;

  const writeOne = async (of: Told, signs: readonly Told[]): Promise<void> => {
    const change = await db.transaction(async (tx) => {
      const found = await lockBreaker(tx, of);
      if (found === null) return null;
      let { state } = found;
      let last: string | null = null;
      for (const { sign, startedAt } of signs) {
        const next = nextBreaker(state, sign, startedAt, found.now);
        state = next.state;
        last = next.changed ?? last;
      }
      await writeBreaker(tx, of, state, state.breaker === found.state.breaker ? null : last);
      if (state.recent.length === 0 && state.refusalsInRow === 0) troubledHere.delete(keyOf(of));
      else troubledHere.add(keyOf(of));
      return state.breaker === found.state.breaker ? null : { breaker: state.breaker, because: last };
    });
    if (change === null) return;
    const { accountId, connectId } = of;
    const particulars = { account: accountId, connect: connectId, ...change };
    if (change.breaker === "closed") log.info(particulars, "a connect sends again");
    else log.warn(particulars, "a connect paused itself");
    onChange();
  };

  const write = async (): Promise<void> => {
    while (told.length > 0) {
      const batch = Map.groupBy(told.splice(0), keyOf);
      for (const signs of batch.values())
        await writeOne(signs[0]!, signs).catch((error: unknown) => {
          log.error({ err: error }, "a connect's breaker could not be kept");
        });
    }
    writing = null;
  };

  return {
    tell: (one, troubled) => {
      if (one.sign === "works" && !troubled && !troubledHere.has(keyOf(one))) return;
      if (one.sign !== "works") troubledHere.add(keyOf(one));
      told.push(one);
      writing ??= Promise.resolve().then(write);
    },
    settled: () => writing ?? Promise.resolve(),
  };
}

/** What an attempt says of its vendor; null: nothing (a test, or nothing was sent). Spec 7: an answer that says no is a working vendor. */
export function signOf({
  attempt,
  diagnosis,
  httpStatus,
}: Pick<EndedAttempt, "attempt" | "diagnosis" | "httpStatus">): Sign | null {
  if (attempt === null) return null;
  const code = diagnosis?.code;
  if (code !== undefined && notSent.has(code)) return null;
  if (code !== undefined && faults.has(code)) return "fails";
  if (httpStatus === null) return "fails";
  if (httpStatus === 401 || httpStatus === 403 || httpStatus === 407) return "refuses";
  return httpStatus >= 500 ? "fails" : "works";
}

const notSent: ReadonlySet<string> = new Set(["blocked_address", "required_value_missing", "payload_too_large"]);
const faults: ReadonlySet<string> = new Set([
  "dns_not_found",
  "connection_refused",
  "connect_timeout",
  "tls_untrusted",
  "tls_expired",
  "tls_hostname",
  "tls_protocol",
  "response_timeout",
  "connection_reset",
  "not_http",
]);

const keyOf = ({ accountId, connectId }: Pick<Told, "accountId" | "connectId">): string => `${accountId}/${connectId}`;
