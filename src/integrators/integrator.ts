import type { ApiIntegrator, ConnectSettings } from "../contracts/connect.ts";
import type { CustomField, Snapshot } from "../contracts/fields.ts";
import type { BuiltRequest, FrozenPayload } from "../core/build-request.ts";
import type { Exchange } from "../core/exchange.ts";
import type { MappedFields } from "../core/map-fields.ts";
import type { Mask } from "../core/mask.ts";
import type { Reading } from "../core/read-answer.ts";
import type { ConnectTexts, Payload } from "../core/request.ts";
import type { WriteContext } from "../core/write-field.ts";

/**
 * Built-in knowledge of a vendor's API (spec 6): what its calls are made of and what its answers mean. Pure: secrets are
 * places that `outbound` fills, and whoever conducts the attempt sends what `nextCall` asks for.
 */
export type Integrator = {
  readonly id: ApiIntegrator;
  /** Settings that are the integrator's own; the page hides them. */
  readonly hides: readonly (keyof ConnectSettings)[];
  /** What a delivery keeps for all its attempts, or why there is nothing to send. */
  freeze(input: FreezeInput): FrozenPayload;
  /** The attempt's next call, given how the earlier ones ended, in order; null: the attempt is over. The first is never null. */
  nextCall(job: IntegratorJob, exchanges: readonly Exchange[]): BuiltRequest | null;
  /** What the attempt's answers say; null: there is no answer to read. What a diagnosis quotes is masked. */
  read(job: IntegratorJob, exchanges: readonly Exchange[], mask: Mask): Reading | null;
};

export type FreezeInput = {
  readonly settings: ConnectSettings;
  readonly texts: ConnectTexts;
  /** null: the connect has no adaptor. */
  readonly mapped: MappedFields | null;
  readonly snapshot: Snapshot;
  readonly customFields: readonly CustomField[];
  /** How dates in the places of API URL are written; without it, as they are stored. */
  readonly context?: WriteContext;
};

/** The frozen payload, with settings as they are at this attempt. */
export type IntegratorJob = {
  readonly settings: ConnectSettings;
  readonly texts: ConnectTexts;
  readonly payload: Payload;
  /** The value of a place that API URL got after the payload was frozen; without it such a place is empty. */
  readonly latePlace?: (name: string) => string;
};
