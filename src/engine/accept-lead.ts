import type { FieldValue } from "../contracts/fields.ts";
import type { AccountId, AdaptorId, LeadId, ListId, TokenId } from "../contracts/ids.ts";
import { fieldIndex } from "../core/field-index.ts";
import { normalizePhone } from "../core/normalize-phone.ts";
import { readFields } from "../core/read-fields.ts";
import { accountScope, type AccountScope } from "../store/account-scope.ts";
import type { Database, Queryable } from "../store/database.ts";
import { findAdaptor } from "../store/delivery-connects.ts";
import type { EventSource } from "../store/events.ts";
import { keepAnswer, takeIdempotencyKey } from "../store/idempotency-keys.ts";
import { findAgentNumbers, findListIds } from "../store/lead-references.ts";
import { insertLeads, type NewLead } from "../store/leads.ts";
import { mappingContext, type MappingContext } from "../store/mapping-context.ts";
import { noHandover, type Handover } from "./handover.ts";
import { takeLeadChanges } from "./take-lead-change.ts";

/** A lead as somebody posts it: flat, by field names or by an adaptor's; an empty text means absent. */
export type PostedLead = {
  readonly accountId: AccountId;
  readonly parameters: Readonly<Record<string, string>>;
  readonly source: EventSource;
  /** One of many at once (a file): its event is kept, but no workflow fires on it. */
  readonly bulk?: boolean | undefined;
  /** The same key of the same token within 24 hours gets the first answer again. */
  readonly idempotency?: { readonly token: TokenId; readonly key: string } | undefined;
};

/** Spec 5.1: what `leads/insert` may refuse a lead for. */
export type LeadRefusal = 6002 | 6006 | 6007 | 6008 | 6023 | 6079;

export type AcceptedLead =
  | { readonly ok: true; readonly leadId: LeadId; readonly warnings: readonly string[] }
  /** `detail`: what exactly, for the person who reads the answer. */
  | { readonly ok: false; readonly code: LeadRefusal; readonly detail: string };

/**
 * Takes a lead in. The checks come in the documented order; lead and event `lead.created` are stored in one transaction,
 * and nothing is when a check refuses. Rejects when the database is gone: then it is not known to be stored.
 */
export async function acceptLead(
  db: Database,
  posted: PostedLead,
  handover: Handover = noHandover,
): Promise<AcceptedLead> {
  return db.transaction(async (tx) => {
    const scope = accountScope(tx, posted.accountId);
    const { idempotency } = posted;
    if (idempotency === undefined) return storeLead(tx, scope, posted, handover);
    const key = await takeIdempotencyKey(scope, idempotency.token, idempotency.key);
    if (!key.taken) return key.answer as AcceptedLead;
    const answer = await storeLead(tx, scope, posted, handover);
    await keepAnswer(scope, idempotency.token, idempotency.key, answer);
    return answer;
  });
}

type Posted = Pick<PostedLead, "parameters" | "source" | "bulk">;

/** The same within the caller's transaction. When it refuses, nothing was stored. */
export async function storeLead(
  tx: Queryable,
  scope: AccountScope,
  posted: Posted,
  handover: Handover = noHandover,
): Promise<AcceptedLead> {
  return (await storeLeads(tx, scope, [posted], handover))[0]!;
}

/** The same for any number of leads, each kind of thing in a statement or two; every lead gets its own answer. */
export async function storeLeads(
  tx: Queryable,
  scope: AccountScope,
  posted: readonly Posted[],
  handover: Handover = noHandover,
): Promise<AcceptedLead[]> {
  const context = await mappingContext(scope);
  const adaptors = new Map<string, Promise<Awaited<ReturnType<typeof chosenAdaptor>>>>();
  const read: (ReadLead | Refused)[] = [];
  for (const { parameters } of posted) {
    const id = parameters["adaptor_id"] ?? "";
    const chosen = adaptors.get(id) ?? chosenAdaptor(scope, id);
    adaptors.set(id, chosen);
    const adaptor = await chosen;
    if (adaptor === undefined) {
      read.push(refuse(6023, `There is no active adaptor with the id ${id}`));
      continue;
    }
    const { values, notes } = readFields(adaptor?.stored ?? null, parameters, context);
    const missing = adaptor?.stored.fields.find(
      (row) => row.section === "lead" && row.required && row.to !== "" && !(row.field in values),
    );
    read.push({ ok: true, values, notes: notes.map(({ message }) => message), lacking: missing?.to ?? null });
  }
  const known = await findReferences(
    scope,
    read.flatMap((one) => (one.ok ? [one.values] : [])),
  );
  const checked = read.map((one) => (one.ok ? checkLead(one.values, context, known, one.lacking) : one));
  const ids = await insertLeads(
    scope,
    checked.flatMap((one) => (one.ok ? [one.lead] : [])),
  );
  let stored = 0;
  const answers = checked.map((one, at): AcceptedLead => {
    if (!one.ok) return one;
    const { notes } = read[at] as ReadLead;
    return { ok: true, leadId: ids[stored++]!, warnings: [...one.warnings, ...notes] };
  });
  await takeLeadChanges(
    tx,
    scope,
    "lead.created",
    answers.flatMap((one, at) => {
      const { source, bulk } = posted[at]!;
      return one.ok ? [{ leadId: one.leadId, source, statusBefore: null, bulk }] : [];
    }),
    handover,
  );
  return answers;
}

type ReadLead = {
  readonly ok: true;
  readonly values: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  /** What its adaptor requires and it has not. */
  readonly lacking: string | null;
};
type Refused = Extract<AcceptedLead, { ok: false }>;

/** What leads name: their lists, and agents by what a lead keeps of them. */
type References = {
  readonly lists: ReadonlyMap<string, ListId>;
  readonly agents: ReadonlyMap<string, string>;
};

const agentKeys = ["user_id", "owner_id"] as const;

/** The lists and agents that these values name. The lists can't be deleted before the transaction ends. */
export async function findReferences(
  scope: AccountScope,
  leads: readonly Readonly<Record<string, string>>[],
): Promise<References> {
  const named = (key: string): string[] => leads.flatMap((values) => values[key]?.trim() || []);
  return {
    lists: await findListIds(scope, named("list_id")),
    agents: await findAgentNumbers(scope, agentKeys.flatMap(named)),
  };
}

export type CheckedLead =
  | { readonly ok: true; readonly lead: NewLead; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly code: LeadRefusal; readonly detail: string };

/**
 * A lead's values, by field key, in the documented order: required → list → user → phone → email. `lacking` names what
 * else is required and isn't there.
 */
export function checkLead(
  values: Readonly<Record<string, string>>,
  context: MappingContext,
  known: References,
  lacking: string | null = null,
): CheckedLead {
  const { list_id: list = "", phone_number: phone = "", phone_code: code, status, ...rest } = trimmed(values);
  if (phone === "" || list === "") return refuse(6007, phone === "" ? "phone_number is missing" : "list_id is missing");
  if (lacking !== null) return refuse(6023, `${lacking} is required`);
  const listId = known.lists.get(list);
  if (listId === undefined) return refuse(6002, `There is no list ${list}`);

  const fields: Record<string, FieldValue> = {};
  const fieldOf = fieldIndex(context.customFields);
  for (const [key, value] of Object.entries(rest))
    fields[key] = storedValue(value, fieldOf("lead", key)?.kind ?? "text", code);
  for (const key of agentKeys) {
    if (!(key in rest)) continue;
    const agent = known.agents.get(rest[key]!);
    if (agent === undefined) return refuse(6006, `${key}: there is no agent ${rest[key]}`);
    fields[key] = agent;
  }

  const number = normalizePhone(phone, code);
  if (!number.ok) return refuse(6008, `${phone} can't be a phone number`);
  for (const address of (rest["email"] ?? "").split(","))
    if (address.trim() !== "" && !looksLikeEmail(address.trim()))
      return refuse(6079, `${address.trim()} is not an e-mail address`);

  const lead: NewLead = {
    listId,
    phoneNumber: number.phone_number,
    phoneCode: number.phone_code,
    status: status ?? "NEW",
    fields,
  };
  return { ok: true, lead, warnings: number.warning === undefined ? [] : [number.warning] };
}

function refuse(code: LeadRefusal, detail: string): { ok: false; code: LeadRefusal; detail: string } {
  return { ok: false, code, detail };
}

/** null: none is named; undefined: the named one isn't there. */
async function chosenAdaptor(scope: AccountScope, id: string) {
  if (id.trim() === "" || id.trim() === "0") return null;
  if (!/^\s*\d{1,15}\s*$/.test(id)) return undefined;
  const adaptor = await findAdaptor(scope, Number(id) as AdaptorId);
  return adaptor !== null && adaptor.stored.active ? adaptor : undefined;
}

function trimmed(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .map(([key, value]) => [key, value.trim()] as const)
      .filter(([, value]) => value !== ""),
  );
}

/** A number only where that loses no digit; a phone as national digits where it is one; everything else as it came. */
function storedValue(text: string, kind: string, phoneCode: string | undefined): FieldValue {
  if (kind === "number" && String(Number(text)) === text) return Number(text);
  if (kind !== "phone") return text;
  const number = normalizePhone(text, phoneCode);
  return number.ok ? number.phone_number : text;
}

/** One address: a local part, one @, a domain with a dot. Whether it exists only a mail would tell. */
function looksLikeEmail(text: string): boolean {
  return (
    text.length <= 254 &&
    /^[^\s@<>(),;:"[\]\\]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u.test(text)
  );
}
