import type { LeadId } from "../contracts/ids.ts";
import { normalizePhone } from "../core/normalize-phone.ts";
import type { AccountScope } from "../store/account-scope.ts";
import type { Queryable } from "../store/database.ts";
import type { EventSource } from "../store/events.ts";
import { leadsByPhone, leadsByRemoteId, lockPhones, type FoundLead } from "../store/find-leads.ts";
import { resolveCodes } from "../store/references.ts";
import { storeLead } from "./accept-lead.ts";
import { refuse, type EventRefusal, type Incoming } from "./take-read.ts";
import { refusedField } from "./update-lead.ts";

export type ResolvedLead =
  | { readonly ok: true; readonly leadId: LeadId; readonly remoteId: string | null }
  | { readonly ok: false; readonly refusal: EventRefusal };

export type LeadRules = {
  readonly source: EventSource;
  /** The lists that leads name are the dialler's: a code, added when nobody knows it. */
  readonly diallersLists: boolean;
};

/**
 * Which lead each event is about: by id (whether it is there is seen when it is locked); by the dialler's own id; by phone, of several the one called last; else the
 * lead that came inline, which is made under the rules of leads/insert. `remoteId`: the dialler's id, to be kept with it.
 */
export async function resolveLeads(
  tx: Queryable,
  scope: AccountScope,
  events: readonly (Incoming & LeadRules)[],
): Promise<ResolvedLead[]> {
  const wanted = events.map(wantedOf);
  // whoever may make a lead of a phone does so alone; then who has it by now is looked up
  await lockPhones(
    scope,
    wanted.flatMap(({ id, phone, inline }) => (id === undefined && inline !== null && phone?.ok ? [phone.number] : [])),
  );
  const byRemoteId = new Map(
    await leadsByRemoteId(
      scope,
      wanted.flatMap(({ remoteId }) => remoteId ?? []),
    ),
  );
  const byPhone = new Map(
    await leadsByPhone(
      scope,
      wanted.flatMap(({ phone }) => (phone?.ok ? [phone.number] : [])),
    ),
  );

  const resolved: ResolvedLead[] = [];
  for (const [at, one] of wanted.entries()) {
    const known = knownLead(one, byRemoteId, byPhone);
    if (known !== "unknown") resolved.push(known);
    else resolved.push(await makeLead(one, events[at]!));
  }
  return resolved;

  async function makeLead({ inline, phone, remoteId }: Wanted, rules: LeadRules): Promise<ResolvedLead> {
    const parameters = { ...inline };
    if (rules.diallersLists && parameters["list_id"]) {
      const list = parameters["list_id"];
      parameters["list_id"] = String((await resolveCodes(scope, "lists", [list])).get(list) ?? list);
    }
    const made = await storeLead(tx, scope, { parameters, source: rules.source });
    if (!made.ok) {
      const field = refusedField(made.code, made.detail);
      return refuse(made.code, made.detail, field === "" ? "lead" : `lead.${field}`);
    }
    const lead: FoundLead = { id: made.leadId, remoteId, phoneCode: phone?.ok ? phone.code : "1" };
    if (phone?.ok) byPhone.set(phone.number, [lead, ...(byPhone.get(phone.number) ?? [])]);
    if (remoteId !== null) byRemoteId.set(remoteId, [lead]);
    return { ok: true, leadId: made.leadId, remoteId: null };
  }
}

type Wanted = {
  readonly id: LeadId | undefined;
  readonly remoteId: string | null;
  readonly phone:
    | { readonly ok: true; readonly number: string; readonly code: string; readonly text: string }
    | { readonly ok: false; readonly text: string }
    | null;
  readonly inline: Readonly<Record<string, string>> | null;
};

function wantedOf({ input }: Incoming): Wanted {
  const inline: Record<string, string> | null =
    input.lead === undefined
      ? null
      : {
          ...(input.phone_number === undefined ? {} : { phone_number: input.phone_number }),
          ...Object.fromEntries(
            Object.entries(input.lead).map(([name, value]) => [name, value === null ? "" : String(value)]),
          ),
        };
  const text = input.phone_number ?? inline?.["phone_number"];
  const number = text === undefined ? null : normalizePhone(text, inline?.["phone_code"]);
  return {
    id: input.lead_id as LeadId | undefined,
    remoteId: inline?.["remote_id"]?.trim() || null,
    phone:
      text === undefined || number === null
        ? null
        : number.ok
          ? { ok: true, number: number.phone_number, code: number.phone_code, text }
          : { ok: false, text },
    inline,
  };
}

function knownLead(
  { id, remoteId, phone, inline }: Wanted,
  byRemoteId: ReadonlyMap<string, readonly FoundLead[]>,
  byPhone: ReadonlyMap<string, readonly FoundLead[]>,
): ResolvedLead | "unknown" {
  if (id !== undefined) return { ok: true, leadId: id, remoteId };
  const same = remoteId === null ? undefined : byRemoteId.get(remoteId)?.[0];
  if (same !== undefined) return { ok: true, leadId: same.id, remoteId: null };
  if (phone?.ok === true) {
    const found = (byPhone.get(phone.number) ?? []).filter(
      // the dialler knows it under another id, so it is somebody else's record
      (lead) => remoteId === null || lead.remoteId === null || lead.remoteId === "" || lead.remoteId === remoteId,
    );
    const lead = found.find(({ phoneCode }) => phoneCode === phone.code) ?? found[0];
    if (lead !== undefined) return { ok: true, leadId: lead.id, remoteId };
  }
  if (inline !== null) return "unknown";
  if (phone?.ok === false) return refuse(6008, `${phone.text} can't be a phone number`, "phone_number");
  return refuse(
    6001,
    `There is no lead with the phone number ${phone?.text ?? ""}. Send the lead itself in lead to have it made`,
    "phone_number",
  );
}
