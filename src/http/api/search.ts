import { z } from "zod";
import { search } from "../../contracts/endpoints/leads.ts";
import { DeliveryId } from "../../contracts/ids.ts";
import type { AccountScope } from "../../store/account-scope.ts";
import { findDelivery } from "../../store/deliveries.ts";
import type { LeadRow } from "../../store/leads.ts";
import { findByName } from "../../store/find-by-name.ts";
import { findLeadsFor, isPersonal } from "../find-leads-for.ts";
import { maskPersonalValue } from "../mask-personal.ts";
import { route, type Route } from "../route.ts";

type Found = z.infer<(typeof search)["answer"]>["items"][number];

const perKind = 5;

/** The search box: jumps to a connect, adaptor, workflow, lead or delivery. */
export function searchRoute(): Route {
  return route(search, async ({ query }, { scope, role }) => {
    const text = query.q.trim();
    if (text === "") return { items: [] };
    const [named, deliveries] = await Promise.all([findByName(scope, text, perKind), findOneDelivery(scope, text)]);
    const orNone = named.length + deliveries.length > 0 || !isPersonal(text);
    const leads = await findLeadsFor({ scope, role }, { text }, perKind, orNone);
    return {
      items: [
        ...named.map(({ kind, id, name, detail }): Found => ({ kind, id: String(id), title: name, detail })),
        ...leads.map((lead) => foundLead(lead, role === "viewer")),
        ...deliveries,
      ],
    };
  });
}

function foundLead(lead: LeadRow, masked: boolean): Found {
  const name = [lead.fields["first_name"], lead.fields["last_name"]].filter(Boolean).join(" ");
  return {
    kind: "lead",
    id: String(lead.id),
    title: masked || name === "" ? `Lead ${lead.id}` : name,
    detail: `${masked ? maskPersonalValue(lead.phone_number, "phone") : lead.phone_number} · ${lead.list_name}`,
  };
}

async function findOneDelivery(scope: AccountScope, text: string): Promise<Found[]> {
  const id = DeliveryId.safeParse(text.toLowerCase());
  const row = id.success ? await findDelivery(scope, id.data) : null;
  if (row === null) return [];
  return [{ kind: "delivery", id: row.id, title: `Delivery to ${row.connect_name}`, detail: row.outcome ?? row.state }];
}
