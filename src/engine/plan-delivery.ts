import { durationMs } from "../contracts/duration.ts";
import type { DeliveryId } from "../contracts/ids.ts";
import { mapFields } from "../core/map-fields.ts";
import type { Payload } from "../core/request.ts";
import { integratorOf } from "../integrators/index.ts";
import type { DeliveryAdaptor, DeliveryConnect } from "../store/delivery-connects.ts";
import type { NewEvent } from "../store/events.ts";
import type { MappingContext } from "../store/mapping-context.ts";
import type { PlannedDelivery } from "./accept-event.ts";

export type PlanInput = {
  readonly id: DeliveryId;
  readonly event: Pick<NewEvent, "accountId" | "id" | "leadId" | "snapshot"> & { readonly type: string };
  readonly phoneNumber: string;
  readonly connect: Pick<DeliveryConnect, "id" | "active" | "settings" | "texts" | "revision">;
  readonly adaptor: Pick<DeliveryAdaptor, "id" | "stored" | "revision"> | null;
  readonly context: MappingContext;
  readonly now: Date;
  /** This process sends it itself, at once. */
  readonly leased: boolean;
};

/**
 * What an event owes a connect: the mapped values are frozen, so that every retry sends the same bytes. A connect that is
 * off holds its deliveries (a test goes out all the same). What the mapping refuses is settled as failed, with the reason.
 */
export function planDelivery(input: PlanInput): PlannedDelivery {
  const { event, connect, adaptor, context, now } = input;
  const test = event.type === "test";
  const facts = {
    accountId: event.accountId,
    id: input.id,
    connectId: connect.id,
    leadId: event.leadId,
    phoneNumber: input.phoneNumber,
    eventId: event.id,
    eventType: event.type,
    test,
    connectRevision: connect.revision,
    adaptorId: adaptor?.id ?? null,
    adaptorRevision: adaptor?.revision ?? null,
    giveUpAt: new Date(now.getTime() + durationMs(connect.settings.give_up_after)),
  };
  const options = mappingOptions(context, now);
  const integrator = integratorOf(connect.settings.api_integrator);
  const mapped = adaptor && mapFields(adaptor.stored, event.snapshot, options);
  const frozen = integrator.freeze({
    settings: connect.settings,
    texts: connect.texts,
    mapped,
    snapshot: event.snapshot,
    customFields: context.customFields,
    context: options,
  });
  if (!frozen.ok) {
    const row = { ...facts, payload: nothing, outcome: "failed" as const, diagnosis: frozen.diagnosis };
    return { kind: "settled", row };
  }
  const held = !connect.active && !test;
  return {
    kind: "owed",
    row: { ...facts, payload: frozen.payload, heldBecause: held ? "connect_off" : null, leased: input.leased && !held },
  };
}

/** What the fields' rules need of an account, and the time. */
export function mappingOptions(context: MappingContext, now: Date) {
  return {
    customFields: context.customFields,
    timeZone: context.timeZone,
    dateFormat: context.dateFormat,
    now: Temporal.Instant.fromEpochMilliseconds(now.getTime()),
  };
}

const nothing: Payload = { query: [], body: null, contentType: null, places: {} };
