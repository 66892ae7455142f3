import { deleteAgent, saveAgent } from "../../admin/save-agent.ts";
import { deleteCampaign, saveCampaign } from "../../admin/save-campaign.ts";
import { inChange, type Change } from "../../admin/change.ts";
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
import type { Caller } from "../caller.ts";
import { changeBy, type AdminDeps } from "../change-by.ts";
import { afterOf, pageOfRows } from "../paging.ts";
import { route, type Route } from "../route.ts";

type PageQuery = { readonly cursor?: string | undefined; readonly limit: number };

/** The plain nouns of the dialler: campaigns, lists, statuses, agents, lead fields. */
export function diallerRoutes(deps: AdminDeps): Route[] {
  const change = <T>(caller: Caller, work: (change: Change) => Promise<T>): Promise<T> =>
    inChange(changeBy(deps, caller), work);
  const gone = async (caller: Caller, work: (change: Change) => Promise<void>): Promise<null> => {
    await change(caller, work);
    return null;
  };
  return [
    route(endpoints.campaigns.list, async ({ query }, { scope }) => pageOfTable(campaigns.list, scope, query)),
    route(endpoints.campaigns.create, async ({ body }, by) => change(by, (one) => saveCampaign(one, null, body))),
    route(endpoints.campaigns.update, async ({ params, body }, by) =>
      change(by, (one) => saveCampaign(one, params.id, body)),
    ),
    route(endpoints.campaigns.remove, async ({ params }, by) => gone(by, (one) => deleteCampaign(one, params.id))),

    route(endpoints.lists.list, async ({ query }, { scope }) => {
      const page = await pageOfTable(lists.list, scope, query);
      return { ...page, items: await shownLists(scope, page.items) };
    }),
    route(endpoints.lists.create, async ({ body }, by) =>
      shownList(by.scope, await change(by, (one) => saveList(one, null, body))),
    ),
    route(endpoints.lists.update, async ({ params, body }, by) =>
      shownList(by.scope, await change(by, (one) => saveList(one, params.id, body))),
    ),
    route(endpoints.lists.remove, async ({ params }, by) => gone(by, (one) => deleteList(one, params.id))),

    route(endpoints.statuses.list, async ({ query }, { scope }) => pageOfTable(statuses.list, scope, query)),
    route(endpoints.statuses.create, async ({ body }, by) => change(by, (one) => saveStatus(one, null, body))),
    route(endpoints.statuses.update, async ({ params, body }, by) =>
      change(by, (one) => saveStatus(one, params.id, body)),
    ),
    route(endpoints.statuses.remove, async ({ params }, by) => gone(by, (one) => deleteStatus(one, params.id))),

    route(endpoints.agents.list, async ({ query }, { scope }) => pageOfTable(agents.list, scope, query)),
    route(endpoints.agents.create, async ({ body }, by) => change(by, (one) => saveAgent(one, null, body))),
    route(endpoints.agents.update, async ({ params, body }, by) =>
      change(by, (one) => saveAgent(one, params.id, body)),
    ),
    route(endpoints.agents.remove, async ({ params }, by) => gone(by, (one) => deleteAgent(one, params.id))),

    route(endpoints.leadFieldSettings.list, async ({ query }, { scope }) => {
      const page = await pageOfTable(listLeadFields, scope, query);
      return { ...page, items: page.items.map(shownField) };
    }),
    route(endpoints.leadFieldSettings.create, async ({ body }, by) =>
      shownField(await change(by, (one) => saveLeadField(one, null, body))),
    ),
    route(endpoints.leadFieldSettings.update, async ({ params, body }, by) =>
      shownField(await change(by, (one) => saveLeadField(one, params.id, body))),
    ),
    route(endpoints.leadFieldSettings.remove, async ({ params }, by) =>
      gone(by, (one) => deleteLeadField(one, params.id)),
    ),
  ];
}

async function pageOfTable<Row extends { readonly id: number }>(
  list: (scope: AccountScope, after: number, limit: number) => Promise<Row[]>,
  scope: AccountScope,
  { cursor, limit }: PageQuery,
): Promise<{ items: Row[]; next_cursor: string | null }> {
  return pageOfRows(await list(scope, afterOf(cursor, 0), limit + 1), limit, (row) => row);
}

async function shownList(scope: AccountScope, row: ListRow) {
  const [shown] = await shownLists(scope, [row]);
  return shown!;
}

async function shownLists(scope: AccountScope, rows: readonly ListRow[]) {
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
  }));
}

function shownField({ options, ...field }: LeadFieldRow) {
  return { ...field, options: [...options] };
}
