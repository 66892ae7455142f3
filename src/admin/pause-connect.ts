import type { ConnectStanding } from "../contracts/connect.ts";
import type { ConnectId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import { appendAudit } from "../store/audit.ts";
import { pauseConnect as pause, readStanding, resumeConnect as resume } from "../store/connect-states.ts";
import { findConnect } from "../store/connects.ts";
import type { Change } from "./change.ts";

/**
 * Pauses a connect, or ends its pause, and writes down who did. A pause is no setting: it makes no revision, and a second
 * one changes nothing.
 */
export async function pauseConnect(change: Change, id: ConnectId, paused: boolean): Promise<ConnectStanding> {
  const { scope, actor } = change;
  const connect = await findConnect(scope, id);
  if (connect === null) throw new ProblemError("not_found", { detail: `There is no connect ${id}.` });
  const changed = paused ? await pause(scope, id, actor.name) : await resume(scope, id);
  if (changed)
    await appendAudit(scope, actor, {
      action: paused ? "pause" : "resume",
      kind: "connect",
      id: String(id),
      name: connect.name,
      before: { paused: !paused },
      after: { paused },
    });
  return readStanding(scope, id);
}
