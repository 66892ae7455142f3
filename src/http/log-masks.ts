import type { LogSource } from "../store/deliveries.ts";
import { adaptorAtRevision } from "../store/adaptor-revisions.ts";
import { snapshotsOfEvents } from "../store/events.ts";
import { leadVersionsAfter } from "../store/lead-versions.ts";
import { mappingContext } from "../store/mapping-context.ts";
import type { StoredAdaptor } from "../core/stored-adaptor.ts";
import type { Caller } from "./caller.ts";
import { createLogMask, needsLogMask, type LogMask } from "./mask-logs.ts";

/** The mask of each row for this reader, null where nothing is hidden; what masks need is read once for all rows. */
export async function logMasks(
  caller: Pick<Caller, "scope" | "role">,
  rows: readonly LogSource[],
): Promise<(row: LogSource) => LogMask | null> {
  const context = await mappingContext(caller.scope);
  const viewer = caller.role === "viewer";
  if (!needsLogMask(context, viewer)) return () => null;
  const events = await snapshotsOfEvents(
    caller.scope,
    rows.map((row) => row.event_id),
  );
  // a workflow's action may have sent the lead as it was by then
  const versions = await leadVersionsAfter(
    caller.scope,
    rows.filter((row) => row.workflow_revision !== null),
  );
  const adaptors = new Map<string, StoredAdaptor | null>();
  for (const { adaptor_id, adaptor_revision } of rows) {
    const key = `${adaptor_id}/${adaptor_revision}`;
    if (adaptor_id === null || adaptor_revision === null || adaptors.has(key)) continue;
    adaptors.set(key, await adaptorAtRevision(caller.scope, adaptor_id, adaptor_revision));
  }
  return (row) => {
    const event = events.get(row.event_id);
    const adaptor = adaptors.get(`${row.adaptor_id}/${row.adaptor_revision}`) ?? null;
    const leads = versions.get(row.event_id) ?? [];
    return createLogMask({ context, viewer, snapshot: event?.snapshot, leads, adaptor, at: event?.at ?? new Date() });
  };
}
