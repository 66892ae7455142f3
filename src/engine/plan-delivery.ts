import { durationMs } from "../contracts/duration.ts";
import type { DeliveryId } from "../contracts/ids.ts";
import { mapFields } from "../core/map-fields.ts";
import type { Payload } from "../core/request.ts";
import { integratorOf } from "../integrators/index.ts";
import type { DeliveryAdaptor, DeliveryConnect } from "../store/delivery-connects.ts";
import type { Lane } from "../store/due.ts";
import type { NewEvent } from "../store/events.ts";
import { laneKey } from "../store/lanes.ts";
import type { MappingContext } from "../store/mapping-context.ts";
import type { PlannedDelivery } from "./accept-event.ts";

export type PlanInput = {
  readonly id: DeliveryId;
  readonly event: Pick<NewEvent, "accountId" | "id" | "leadId" | "snapshot"> & { readonly type: string };
  readonly phoneNumber: string;
  readonly connect: Pick<DeliveryConnect, "id" | "active" | "settings" | "texts" | "revision" | "gate">;
  readonly adaptor: Pick<DeliveryAdaptor, "id" | "stored" | "revision"> | null;
  readonly context: MappingContext;
  readonly now: Date;
  /** Whether this process keeps room to send it itself, at once; asked only of what could go now. */
  readonly fresh: () => boolean;
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
  const goesAtOnce = !held && (test || isPlain(connect));
  return {
    kind: "owed",
    row: {
      ...facts,
      payload: frozen.payload,
      heldBecause: held ? "connect_off" : null,
      lane: test ? null : laneOf(event, connect),
      fresh: goesAtOnce && input.fresh(),
    },
  };
}

/** Nothing but its concurrency says when this connect's deliveries go. */
function isPlain({ settings, gate }: PlanInput["connect"]): boolean {
  return settings.rate === null && !gate.paused && gate.breaker === "closed";
}

function laneOf({ accountId, leadId }: PlanInput["event"], { id, settings }: PlanInput["connect"]): Lane | null {
  if (settings.order === "none" || leadId === null) return null;
  return {
    key: laneKey(accountId, id, settings.order_group, leadId),
    shared: settings.order_group !== "",
    newestWins: settings.order === "newest_wins",
    keepOrderForMs: durationMs(settings.keep_order_for),
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
