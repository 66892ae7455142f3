import { saveList } from "../../admin/save-list.ts";
import { inChange } from "../../admin/change.ts";
import * as endpoints from "../../contracts/endpoints/leads.ts";
import { customFieldKey, fieldCatalog } from "../../contracts/fields.ts";
import type { LeadId } from "../../contracts/ids.ts";
import type { Lead, LeadSummary } from "../../contracts/lead.ts";
import { valueText } from "../../core/field-index.ts";
import { ProblemError } from "../../core/problem-error.ts";
import { acceptLead } from "../../engine/accept-lead.ts";
import type { Engine } from "../../engine/engine.ts";
import { sendLead } from "../../engine/send-lead.ts";
import { leadParameters, refusedLead, updateLead } from "../../engine/update-lead.ts";
import type { Database } from "../../store/database.ts";
import { listLeadFields } from "../../store/lead-fields.ts";
import { findLead, type LeadRow } from "../../store/leads.ts";
import { lists } from "../../store/lists.ts";
import { mappingContext, type MappingContext } from "../../store/mapping-context.ts";
import type { SecretBox } from "../../store/secret-box.ts";
import { leadValues } from "../../store/snapshots.ts";
import type { Caller } from "../caller.ts";
import { changeBy } from "../change-by.ts";
import { findLeadsFor } from "../find-leads-for.ts";
import { maskPersonalFields } from "../mask-personal.ts";
import { afterOf, pageInParts } from "../paging.ts";
import { route, type Route } from "../route.ts";

export type LeadRoutesDeps = { readonly db: Database; readonly engine: Engine; readonly secretBox: SecretBox };

/** Leads: the table, one with every field, by hand, as a sample, and owed to a connect. */
export function leadRoutes({ db, engine, secretBox }: LeadRoutesDeps): Route[] {
  const add = async (caller: Caller, parameters: Readonly<Record<string, string>>): Promise<Lead> => {
    const posted = { accountId: caller.accountId, parameters, source: sourceOf(caller) };
    const accepted = await engine.handingOver((handover) => acceptLead(db, posted, handover));
    if (!accepted.ok) throw refusedLead(accepted.code, accepted.detail);
    return show(caller, accepted.leadId);
  };

  return [
    route(endpoints.listFields, async (_request, caller) => {
      const custom = await listLeadFields(caller.scope);
      const byKey = new Map(custom.map((field) => [customFieldKey(field.number), field]));
      return {
        items: fieldCatalog(custom).map(({ section, key, name, label, kind, ...field }) => {
          const own = byKey.get(key.replace(/^custom_/, ""));
          const flags = { system: field.system === true, personal: field.personal === true };
          return {
            section,
            key,
            name,
            label,
            kind,
            ...flags,
            type: own?.type ?? null,
            options: [...(own?.options ?? [])],
          };
        }),
      };
    }),

    route(endpoints.listLeads, async ({ query }, caller) => {
      const { limit, cursor, search, list, status } = query;
      const newest = afterOf(cursor, Number.MAX_SAFE_INTEGER);
      const context = await mappingContext(caller.scope);
      const read = (idBefore: number, most: number) =>
        findLeadsFor(caller, { text: search, list, status, idBefore }, most);
      return pageInParts(limit, newest, read, (row) => summaryOf(row, context, caller));
    }),

    route(endpoints.createLead, async ({ body }, caller) =>
      add(caller, leadParameters(body, await mappingContext(caller.scope))),
    ),

    route(endpoints.createSampleLead, async (_request, caller) => {
      const [list] = await lists.list(caller.scope, 0, 1);
      const { id } =
        list ??
        (await inChange(changeBy({ database: db, secretBox }, caller), (change) =>
          saveList(change, null, { name: "Sample leads", code: null, campaign_id: null }),
        ));
      return add(caller, sampleLead(id, Math.random()));
    }),

    route(endpoints.showLead, ({ params }, caller) => show(caller, params.id)),

    route(endpoints.updateLead, async ({ params, query, body }, caller) => {
      const since = query.unless_changed_since;
      await engine.handingOver((handover) =>
        updateLead(db, caller.accountId, params.id, body, sourceOf(caller), {
          handover,
          ...(since === undefined ? {} : { unlessChangedSince: new Date(since) }),
        }),
      );
      return show(caller, params.id);
    }),

    route(endpoints.sendLead, async ({ params, body }, caller) => ({
      delivery_id: await sendLead(db, engine, {
        accountId: caller.accountId,
        leadId: params.id,
        connectId: body.connect_id,
        source: sourceOf(caller),
      }),
    })),
  ];
}

async function show(caller: Caller, id: LeadId): Promise<Lead> {
  const lead = await findLead(caller.scope, id);
  if (lead === null) throw new ProblemError("not_found", { detail: `There is no lead ${id}.` });
  return shownLead(lead, await mappingContext(caller.scope), caller);
}

function sourceOf(caller: Caller) {
  return { kind: caller.kind, id: caller.id, name: caller.name };
}

function summaryOf(row: LeadRow, context: MappingContext, caller: Caller): LeadSummary {
  const values = visibleValues(row, context, caller);
  return {
    id: row.id,
    first_name: valueText(values["first_name"] ?? null),
    last_name: valueText(values["last_name"] ?? null),
    phone_number: valueText(values["phone_number"] ?? null),
    phone_code: row.phone_code,
    email: valueText(values["email"] ?? null),
    status: row.status,
    list: { id: row.list_id, name: row.list_name },
    created_at: row.created_at.toISOString(),
  };
}

function shownLead(row: LeadRow, context: MappingContext, caller: Caller): Lead {
  return { ...summaryOf(row, context, caller), fields: { ...visibleValues(row, context, caller) } };
}

/** A viewer sees no personal data. */
function visibleValues(row: LeadRow, context: MappingContext, caller: Caller) {
  const values = leadValues(row);
  return caller.role === "viewer" ? maskPersonalFields(values, context) : values;
}

/** Somebody who isn't: numbers of 555-01xx and addresses of example.com belong to nobody. */
function sampleLead(listId: number, random: number): Readonly<Record<string, string>> {
  const people = [
    ["Grace", "Sample", "Los Angeles", "CA", "90001", "310"],
    ["Alan", "Example", "Austin", "TX", "73301", "512"],
    ["Edith", "Trial", "Chicago", "IL", "60601", "312"],
    ["Louis", "Specimen", "Miami", "FL", "33101", "305"],
  ] as const;
  const [first, last, city, state, postalCode, area] = people[Math.floor(random * people.length)]!;
  const number = String(100 + Math.floor((random * 10_000) % 100)).padStart(4, "0");
  return {
    list_id: String(listId),
    phone_number: `${area}555${number}`,
    first_name: first,
    last_name: last,
    email: `${first}.${last}@example.com`.toLowerCase(),
    address1: "1 Sample Street",
    city,
    state,
    postal_code: postalCode,
    country: "US",
    date_of_birth: "1985-04-12",
  };
}
