import { deleteAgent, saveAgent } from "../../admin/save-agent.ts";
import { deleteCampaign, saveCampaign } from "../../admin/save-campaign.ts";
import { deleteLeadField, saveLeadField } from "../../admin/save-lead-field.ts";
import { deleteList, saveList } from "../../admin/save-list.ts";
import { deleteStatus, saveStatus } from "../../admin/save-status.ts";
import * as endpoints from "../../contracts/endpoints/dialler.ts";
import type { AccountScope } from "../../store/account-scope.ts";
import { agents } from "../../store/agents.ts";
import { campaigns } from "../../store/campaigns.ts";
import { listLeadFields, type LeadFieldRow } from "../../store/lead-fields.ts";
import { describeLists, lists, type ListRow } from "../../store/lists.ts";
import { statuses } from "../../store/statuses.ts";
import type { AdminDeps } from "../change-by.ts";
import { nounChanges } from "../noun-changes.ts";
import { route, type Route } from "../route.ts";

/** The plain nouns of the dialler: campaigns, lists, statuses, agents, lead fields. */
export function diallerRoutes(deps: AdminDeps): Route[] {
  const [campaign, list, status, agent, field] = (["campaign", "list", "status", "agent", "lead field"] as const).map(
    (kind) => nounChanges(deps, kind),
  ) as [Changes, Changes, Changes, Changes, Changes];
  return [
    route(endpoints.campaigns.list, ({ query }, { scope }) => campaign.page(scope, query, campaigns.list)),
    route(endpoints.campaigns.create, ({ body }, by) => campaign.save(by, (one) => saveCampaign(one, null, body))),
    route(endpoints.campaigns.update, ({ params: { id }, body: { revision, ...values } }, by) =>
      campaign.save(by, (one) => saveCampaign(one, id, values), { id, revision }),
    ),
    route(endpoints.campaigns.remove, ({ params }, by) => campaign.remove(by, (one) => deleteCampaign(one, params.id))),

    route(endpoints.lists.list, async ({ query }, { scope }) => {
      const page = await list.page(scope, query, lists.list);
      return { ...page, items: await shownLists(scope, page.items) };
    }),
    route(endpoints.lists.create, async ({ body }, by) =>
      shownList(by.scope, await list.save(by, (one) => saveList(one, null, body))),
    ),
    route(endpoints.lists.update, async ({ params: { id }, body: { revision, ...values } }, by) =>
      shownList(by.scope, await list.save(by, (one) => saveList(one, id, values), { id, revision })),
    ),
    route(endpoints.lists.remove, ({ params }, by) => list.remove(by, (one) => deleteList(one, params.id))),

    route(endpoints.statuses.list, ({ query }, { scope }) => status.page(scope, query, statuses.list)),
    route(endpoints.statuses.create, ({ body }, by) => status.save(by, (one) => saveStatus(one, null, body))),
    route(endpoints.statuses.update, ({ params: { id }, body: { revision, ...values } }, by) =>
      status.save(by, (one) => saveStatus(one, id, values), { id, revision }),
    ),
    route(endpoints.statuses.remove, ({ params }, by) => status.remove(by, (one) => deleteStatus(one, params.id))),

    route(endpoints.agents.list, ({ query }, { scope }) => agent.page(scope, query, agents.list)),
    route(endpoints.agents.create, ({ body }, by) => agent.save(by, (one) => saveAgent(one, null, body))),
    route(endpoints.agents.update, ({ params: { id }, body: { revision, ...values } }, by) =>
      agent.save(by, (one) => saveAgent(one, id, values), { id, revision }),
    ),
    route(endpoints.agents.remove, ({ params }, by) => agent.remove(by, (one) => deleteAgent(one, params.id))),

    route(endpoints.leadFieldSettings.list, async ({ query }, { scope }) => {
      const page = await field.page(scope, query, listLeadFields);
      return { ...page, items: page.items.map(shownField) };
    }),
    route(endpoints.leadFieldSettings.create, async ({ body }, by) =>
      shownField(await field.save(by, (one) => saveLeadField(one, null, body))),
    ),
    route(endpoints.leadFieldSettings.update, async ({ params: { id }, body: { revision, ...values } }, by) =>
      shownField(await field.save(by, (one) => saveLeadField(one, id, values), { id, revision })),
    ),
    route(endpoints.leadFieldSettings.remove, ({ params }, by) =>
      field.remove(by, (one) => deleteLeadField(one, params.id)),
    ),
  ];
}

type Changes = ReturnType<typeof nounChanges>;
type WithRevision<Row> = Row & { readonly revision: number };

async function shownList(scope: AccountScope, row: WithRevision<ListRow>) {
  const [shown] = await shownLists(scope, [row]);
  return shown!;
}

async function shownLists(scope: AccountScope, rows: readonly WithRevision<ListRow>[]) {
  const described = await describeLists(
    scope,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    code: row.code,
    described: row.described,
    campaign: described.get(row.id)?.campaign ?? null,
    leads: described.get(row.id)?.leads ?? 0,
    revision: row.revision,
  }));
}

function shownField({ options, ...field }: WithRevision<LeadFieldRow>) {
  return { ...field, options: [...options] };
}
