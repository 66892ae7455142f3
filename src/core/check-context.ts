import type { CustomField } from "../contracts/fields.ts";
import type { RelationKind } from "../contracts/workflow.ts";
import type { FieldIndex } from "./field-index.ts";

/** What a workflow may refer to, as it is now. */
export type WorkflowWorld = {
  readonly customFields: readonly CustomField[];
  /** null: there is none with this id. */
  readonly connect: (id: number) => { readonly name: string; readonly active: boolean } | null;
  readonly exists: (kind: RelationKind | "user" | "token" | "workflow", id: number) => boolean;
  /** null: nobody has described or seen this status. */
  readonly status: (code: string) => { readonly reached: boolean; readonly final: boolean } | null;
  /** What SMS, voice broadcast and ringless voicemail go out through when the action names no connect. */
  readonly provider: (action: "sms" | "voice_broadcast" | "ringless_voicemail") => number | null;
  readonly hasMailServer: boolean;
};

/** Collects what is wrong at a place. */
export type Report = (path: string, message: string) => void;
export type CheckContext = { readonly world: WorkflowWorld; readonly fieldOf: FieldIndex; readonly report: Report };
