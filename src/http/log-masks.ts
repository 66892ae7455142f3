import type { LogRow } from "../store/deliveries.ts";
import { adaptorAtRevision } from "../store/adaptor-revisions.ts";
import { snapshotsOfEvents } from "../store/events.ts";
import { mappingContext } from "../store/mapping-context.ts";
import type { StoredAdaptor } from "../core/stored-adaptor.ts";
import type { Caller } from "./caller.ts";
import { createLogMask, needsLogMask, type LogMask } from "./mask-logs.ts";

/** The mask of each row for this reader, null where nothing is hidden; what masks need is read once for all rows. */
export async function logMasks(
  caller: Pick<Caller, "scope" | "role">,
  rows: readonly LogRow[],
): Promise<(row: LogRow) => LogMask | null> {
  const context = await mappingContext(caller.scope);
  const viewer = caller.role === "viewer";
  if (!needsLogMask(context, viewer)) return () => null;
  const events = await snapshotsOfEvents(
    caller.scope,
    rows.map((row) => row.event_id),
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
    return createLogMask({ context, viewer, snapshot: event?.snapshot, adaptor, at: event?.at ?? new Date() });
  };
}
