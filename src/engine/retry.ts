import type { AccountId, DeliveryId } from "../contracts/ids.ts";
import type { ReplayMode } from "../contracts/replay.ts";
import { ProblemError } from "../core/problem-error.ts";
import { accountScope } from "../store/account-scope.ts";
import type { Database } from "../store/database.ts";
import { findDelivery } from "../store/deliveries.ts";
import { notifyDue } from "../store/due.ts";
import { beginWalk, walkOwed, walkSettled } from "../store/walk-deliveries.ts";
import type { Engine } from "./engine.ts";
import { sendAgain, type SentAgain } from "./send-again.ts";

/**
 * Sends one delivery again, at once: a settled one is owed anew, a waiting or held one is due now; one that is on its way
 * is left to it. Throws ProblemError when it can't be sent.
 */
export async function retryDelivery(
  db: Database,
  engine: Pick<Engine, "wake">,
  accountId: AccountId,
  id: DeliveryId,
  mode: ReplayMode = "as_sent",
): Promise<void> {
  const sent = await db.transaction(async (tx) => {
    const scope = accountScope(tx, accountId);
    const row = await findDelivery(scope, id);
    if (row === null) throw new ProblemError("not_found", { detail: "There is no delivery with this id." });
    if (row.test)
      throw new ProblemError("bad_input", { detail: "A test is not sent again. Press Test Connect for another one." });
    const of = row.state === "settled" ? "settled" : "owed";
    const walk = await beginWalk(scope, { ids: [id] });
    const { rows } = await (of === "settled" ? walkSettled : walkOwed)(scope, walk, 1);
    const done = await sendAgain(scope, of, rows, mode);
    if (done.moved.length > 0) await notifyDue(tx);
    return done;
  });
  if (sent.moved.length > 0) engine.wake();
  else refuse(sent);
}

/** Says why it did not go out; that somebody else was just sending it is no reason to complain. */
function refuse({ skipped, refusal }: SentAgain): void {
  if (skipped.connect_gone)
    throw new ProblemError("conflict", { detail: "Its connect was deleted, so there is nowhere to send it." });
  if (skipped.event_gone)
    throw new ProblemError("conflict", {
      detail: "What its event knew is past its retention, so it can't be mapped anew. Send it as it was sent first.",
    });
  if (skipped.mapping_refused)
    throw new ProblemError("conflict", { detail: `It can't be mapped: ${refusal?.message}. ${refusal?.fix}` });
}
