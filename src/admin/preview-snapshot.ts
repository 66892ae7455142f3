import type { Snapshot } from "../contracts/fields.ts";
import type { LeadId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import { sampleSnapshot, withSampleCall } from "../core/sample-snapshot.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { leadSnapshot } from "../store/snapshots.ts";

export type PreviewSnapshot = {
  readonly snapshot: Snapshot;
  /** null: the lead is made up. */
  readonly leadId: LeadId | null;
  /** The call is made up. */
  readonly sampled: boolean;
  readonly now: Temporal.Instant;
};

/** A lead to show something with: the one named, else the latest, else a sample; with a sample call when it has none. */
export async function snapshotFor(scope: AccountScope, leadId: LeadId | undefined): Promise<PreviewSnapshot> {
  const now = Temporal.Now.instant();
  const lead = await leadSnapshot(scope, leadId ?? "latest");
  if (lead === null && leadId !== undefined)
    throw new ProblemError("not_found", { detail: `There is no lead ${leadId}.` });
  if (lead === null) return { snapshot: sampleSnapshot(now), leadId: null, sampled: true, now };
  return { ...withSampleCall(lead.snapshot, now), leadId: lead.leadId, now };
}
