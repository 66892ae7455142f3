import { durationMs } from "../contracts/duration.ts";
import type { ConnectId } from "../contracts/ids.ts";
import type { HoldReason } from "../contracts/outcome.ts";
import { ProblemError } from "../core/problem-error.ts";
import { appendAudit } from "../store/audit.ts";
import { findConnect } from "../store/connects.ts";
import { discardHeld as discard } from "../store/held.ts";
import type { Change } from "./change.ts";

/** What of the held deliveries; what is not named asks for nothing. */
export type HeldSelection = { readonly because?: HoldReason | undefined; readonly older_than?: string | undefined };

/** Settles held deliveries as discarded, which only a person decides, and writes down who did. Gives how many. */
export async function discardHeld(change: Change, id: ConnectId, which: HeldSelection): Promise<number> {
  const { scope, actor } = change;
  const connect = await findConnect(scope, id);
  if (connect === null) throw new ProblemError("not_found", { detail: `There is no connect ${id}.` });
  const before = which.older_than === undefined ? null : new Date(Date.now() - durationMs(which.older_than));
  const count = await discard(scope, id, which.because ?? null, before);
  if (count > 0)
    await appendAudit(scope, actor, {
      action: "discard held",
      kind: "connect",
      id: String(id),
      name: connect.name,
      before: null,
      after: { ...which, count },
    });
  return count;
}
