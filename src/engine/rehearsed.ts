import type { AdaptorSettings } from "../contracts/adaptor.ts";
import type { ConnectSettings } from "../contracts/connect.ts";
import type { AdaptorId, ConnectId, WorkflowId } from "../contracts/ids.ts";
import type { WorkflowSettings } from "../contracts/workflow.ts";
import type { Counts, Difference } from "../core/rehearse.ts";
import type { AccountScope } from "../store/account-scope.ts";
import type { SecretBox } from "../store/secret-box.ts";

/** What somebody is about to save. */
export type Draft =
  /** `id` null: a new one. */
  | { readonly of: "workflow"; readonly id: WorkflowId | null; readonly settings: WorkflowSettings }
  | { readonly of: "connect"; readonly id: ConnectId; readonly settings: ConnectSettings }
  | { readonly of: "adaptor"; readonly id: AdaptorId; readonly settings: AdaptorSettings };

/** Over which events or deliveries: the latest of them within bounds of ids; `idBefore` is not included. */
export type Bounds = {
  readonly max: number;
  readonly idFrom?: string | undefined;
  readonly idBefore?: string | undefined;
};

export type Rehearsed = {
  readonly events: number;
  /** Deliveries, or a workflow's events, that were not looked at any more, since those before them were so large. */
  readonly leftOut: number;
  readonly answers: number;
  readonly headline: string;
  readonly counts: Counts;
  /** The first 100 of each kind. */
  readonly differences: readonly Difference[];
};

export type RehearsalDeps = { readonly scope: AccountScope; readonly secretBox: SecretBox };

export const keptOfEach = 100;

/** A place in the settings that were sent. */
export function inDraft<Place extends { readonly path: string }>(place: Place): Place {
  return { ...place, path: `draft.settings.${place.path}` };
}
