import { durationMs } from "../contracts/duration.ts";
import type { Snapshot } from "../contracts/fields.ts";
import type { ConnectId, DeliveryId, EventId, LeadId, WorkflowId } from "../contracts/ids.ts";
import { ProviderConnects } from "../contracts/mail.ts";
import { providerActions, type Action, type ProviderAction } from "../contracts/workflow.ts";
import { changeField } from "../core/change-field.ts";
import { fieldIndex } from "../core/field-index.ts";
import { normalizePhone } from "../core/normalize-phone.ts";
import type { AccountScope } from "../store/account-scope.ts";
import type { ActionEnd } from "../store/actions.ts";
import { deleteCallback, insertCallback, latestCallback, updateCallback } from "../store/callbacks.ts";
import { changeLeadField, changeList, changePhone, changeStatus } from "../store/change-lead.ts";
import { insertDncNumber } from "../store/dnc.ts";
import { insertIntoHopper } from "../store/hopper.ts";
import { findLead, type LeadRow } from "../store/leads.ts";
import type { MappingContext } from "../store/mapping-context.ts";
import { insertRevenue } from "../store/revenues.ts";
import { leadSnapshot, leadValues } from "../store/snapshots.ts";
import { newUuidV7 } from "../store/uuid-v7.ts";
import type { PlannedDelivery } from "./accept-event.ts";
import type { ForPlanning } from "./for-planning.ts";
import type { Handover } from "./handover.ts";
import { planDelivery } from "./plan-delivery.ts";

/** What an action is carried out on, in the caller's transaction, which holds the lead. */
export type ActionSubject = {
  readonly scope: AccountScope;
  readonly action: Action;
  readonly workflow: { readonly id: WorkflowId; readonly revision: number };
  readonly event: { readonly id: EventId; readonly type: string };
  readonly leadId: LeadId | null;
  readonly phoneNumber: string;
  /** Lead and call as they were at the event. */
  readonly snapshot: Snapshot;
  readonly context: MappingContext;
  readonly now: Date;
  readonly connects: ForPlanning;
  readonly handover: Handover;
};

export type Performed = {
  readonly end: ActionEnd;
  /** To be stored in the same transaction. */
  readonly planned: PlannedDelivery | null;
  /** The lead is another than before: an event `lead.saved` is due. */
  readonly changed: boolean;
};

/**
 * Carries out an action that concerns our own records, or plans the delivery of one that goes out through a connect. Own
 * changes are made to the lead as it is now, so that none undoes another. Mails go another way (act-due.ts).
 */
export async function performAction(subject: ActionSubject): Promise<Performed> {
  const { action } = subject;
  if (action.type === "integration") return planAction(subject, action.connect_id);
  if (isProvided(action)) return planAction(subject, action.connect_id ?? (await providerOf(subject, action.type)));
  if (action.type === "email") throw new Error("A mail is sent outside a transaction.");
  const lead = subject.leadId === null ? null : await findLead(subject.scope, subject.leadId, true);
  if (lead === null) return skipped(subject.leadId === null ? "The event has no lead" : "The lead is gone");
  return changeRecords(subject, action, lead);
}

function isProvided(action: Action): action is Extract<Action, { type: ProviderAction }> {
  return (providerActions as readonly string[]).includes(action.type);
}

type OwnAction = Exclude<Action, { type: "integration" | "email" | ProviderAction }>;

async function changeRecords(
  { scope, workflow, snapshot, context, now }: ActionSubject,
  action: OwnAction,
  lead: LeadRow,
): Promise<Performed> {
  const leadId = lead.id;
  switch (action.type) {
    case "status":
      if (lead.status === action.status) return done(`The status was ${action.status} already`);
      await changeStatus(scope, leadId, action.status);
      return changed(`${lead.status} → ${action.status}`);
    case "move":
      if (lead.list_id === action.list_id) return done(`The lead was in ${lead.list_name} already`);
      return (await changeList(scope, leadId, action.list_id))
        ? changed(`From ${lead.list_name}`)
        : failed(`There is no list ${action.list_id} any more`);
    case "field":
      return changeOneField(scope, action, lead, snapshot, context, now);
    case "callback": {
      const at = new Date(now.getTime() + durationMs(action.in));
      await insertCallback(scope, { leadId, campaignId: lead.campaign_id, agentId: null, at, comments: "" });
      return done(`For ${at.toISOString()}`);
    }
    case "callback_update": {
      const id = await latestCallback(scope, leadId);
      if (id === null) return skipped("The lead has no callback");
      if (action.remove === true) {
        await deleteCallback(scope, id);
        return done("Removed");
      }
      const at = new Date(now.getTime() + durationMs(action.in ?? "0s"));
      await updateCallback(scope, id, { at });
      return done(`Moved to ${at.toISOString()}`);
    }
    case "hopper": {
      const expiresAt = action.expires_in === undefined ? null : new Date(now.getTime() + action.expires_in * 60_000);
      await insertIntoHopper(scope, { leadId, priority: action.priority, expiresAt });
      return done(`Priority ${action.priority}`);
    }
    case "dnc": {
      const { phone_number: phoneNumber, phone_code: phoneCode } = lead;
      const id = await insertDncNumber(scope, { phoneNumber, phoneCode, campaignId: null, purpose: "", reason: "" });
      return done(id === null ? "The number was on the list already" : "");
    }
    case "revenue":
  }
  await insertRevenue(scope, { leadId, amount: action.amount, workflowId: workflow.id });
  return done(String(action.amount));
}

/** Arithmetic and copies read the lead as it is now; `call.…` and `extra.…` are the event's. */
async function changeOneField(
  scope: AccountScope,
  action: Extract<Action, { type: "field" }>,
  lead: LeadRow,
  snapshot: Snapshot,
  context: MappingContext,
  now: Date,
): Promise<Performed> {
  const field = fieldIndex(context.customFields)("lead", action.field);
  if (field === undefined) return failed(`There is no lead field ${action.field} any more`);
  if (field.system === true) return failed(`${field.label} is kept by the system`);
  const current = leadValues(lead);
  const at = Temporal.Instant.fromEpochMilliseconds(now.getTime());
  const change = changeField(
    { ...action, field: field.key },
    { ...snapshot, lead: current },
    field.kind,
    at,
    context.timeZone,
  );
  if (!change.ok) return failed(change.because);
  const { value } = change;
  const text = value === null ? "" : String(value);
  if (text === String(current[field.key] ?? ""))
    return done(`${field.label} was ${text === "" ? "empty" : text} already`);
  switch (field.key) {
    case "status":
      if (text === "") return failed("A status can't be empty");
      await changeStatus(scope, lead.id, text);
      break;
    case "list_id":
      if (!(await changeList(scope, lead.id, Number(text) as LeadRow["list_id"])))
        return failed(`There is no list ${text}`);
      break;
    case "phone_number":
    case "phone_code": {
      const number = normalizePhone(
        field.key === "phone_number" ? text : lead.phone_number,
        field.key === "phone_code" ? text : lead.phone_code,
      );
      if (!number.ok) return failed(`${text} can't be a ${field.label.toLowerCase()}`);
      await changePhone(scope, lead.id, number.phone_number, number.phone_code);
      break;
    }
    default:
      await changeLeadField(scope, lead.id, field.key, value);
  }
  return changed(`${field.label}: ${String(current[field.key] ?? "") || "empty"} → ${text || "empty"}`);
}

async function planAction(subject: ActionSubject, connectId: ConnectId | null): Promise<Performed> {
  const { scope, action, event, workflow, leadId, context, now } = subject;
  if (connectId === null)
    return failed(`No connect is chosen for ${providerWords[action.type as ProviderAction]}: choose one in Settings`);
  const found = await subject.connects(connectId);
  if (found === null) return failed(`There is no connect ${connectId} any more`);
  const id = newUuidV7(now.getTime()) as DeliveryId;
  const snapshot = await latestOr(subject);
  const planned = planDelivery({
    ...found,
    id,
    event: { accountId: scope.accountId, id: event.id, type: event.type, leadId, snapshot },
    phoneNumber: subject.phoneNumber,
    context,
    now,
    fresh: () => subject.handover.reserve(scope.accountId, found),
  });
  const ofWorkflow = { id: workflow.id, revision: workflow.revision };
  const end: ActionEnd = { state: "done", note: found.connect.name, deliveryId: id };
  if (planned.kind === "owed")
    return { end, planned: { kind: "owed", row: { ...planned.row, workflow: ofWorkflow } }, changed: false };
  return { end, planned: { kind: "settled", row: { ...planned.row, workflow: ofWorkflow } }, changed: false };
}

/** What is sent: the event's lead and call, or with *latest values* the lead as it is now, beside the event's call. */
export async function latestOr({
  action,
  leadId,
  scope,
  snapshot,
}: Pick<ActionSubject, "action" | "leadId" | "scope" | "snapshot">): Promise<Snapshot> {
  if (!action.latest_values || leadId === null) return snapshot;
  const latest = await leadSnapshot(scope, leadId);
  return latest === null ? snapshot : { ...latest.snapshot, call: snapshot.call };
}

async function providerOf({ scope }: ActionSubject, type: ProviderAction): Promise<ConnectId | null> {
  const [row] = await scope.query<{ provider_connects: unknown }>(
    "select provider_connects from accounts where id = $1",
  );
  const chosen = ProviderConnects.safeParse(row?.provider_connects ?? {});
  return chosen.success ? (chosen.data[type] as ConnectId | null) : null;
}

const providerWords: Record<ProviderAction, string> = {
  sms: "SMS",
  voice_broadcast: "voice broadcasts",
  ringless_voicemail: "ringless voicemail",
};

const ended = (state: ActionEnd["state"], note: string, isChange = false): Performed => ({
  end: { state, note, deliveryId: null },
  planned: null,
  changed: isChange,
});
const done = (note: string): Performed => ended("done", note);
const changed = (note: string): Performed => ended("done", note, true);
const skipped = (note: string): Performed => ended("skipped", note);
const failed = (note: string): Performed => ended("failed", note);
