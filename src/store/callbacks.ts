import type { AgentId, CampaignId, LeadId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

/** When somebody is to be called again. */
export type CallbackRow = {
  readonly id: number;
  readonly lead_id: LeadId;
  readonly campaign_id: CampaignId | null;
  readonly agent_id: AgentId | null;
  readonly callback_at: Date;
  readonly comments: string;
  readonly status: string;
  readonly created_at: Date;
  readonly phone_number: string | null;
  readonly list_id: number | null;
  /** As leads name the agent: its number, or else code, or else id. */
  readonly agent: string | null;
};

export type NewCallback = {
  readonly leadId: LeadId;
  readonly campaignId: CampaignId | null;
  readonly agentId: AgentId | null;
  readonly at: Date;
  readonly comments: string;
};

export async function insertCallback(scope: AccountScope, callback: NewCallback): Promise<number> {
  const [row] = await scope.query<{ id: number }>(
    `insert into callbacks (account_id, lead_id, campaign_id, agent_id, callback_at, comments)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [callback.leadId, callback.campaignId, callback.agentId, callback.at, callback.comments],
  );
  return row!.id;
}

/** What is left out stays. False: there is no such callback. */
export async function updateCallback(
  scope: AccountScope,
  id: number,
  changes: Partial<Omit<NewCallback, "leadId">> & { readonly status?: string },
): Promise<boolean> {
  const rows = await scope.query(
    `update callbacks set callback_at = coalesce($3, callback_at), comments = coalesce($4, comments),
       agent_id = coalesce($5, agent_id), campaign_id = coalesce($6, campaign_id), status = coalesce($7, status)
     where account_id = $1 and id = $2 returning 1`,
    [
      id,
      changes.at ?? null,
      changes.comments ?? null,
      changes.agentId ?? null,
      changes.campaignId ?? null,
      changes.status ?? null,
    ],
  );
  return rows.length > 0;
}

export async function deleteCallback(scope: AccountScope, id: number): Promise<boolean> {
  const rows = await scope.query("delete from callbacks where account_id = $1 and id = $2 returning 1", [id]);
  return rows.length > 0;
}

/** The lead's active callback that was made last; locked. */
export async function latestCallback(scope: AccountScope, leadId: LeadId): Promise<number | null> {
  const [row] = await scope.query<{ id: number }>(
    `select id from callbacks where account_id = $1 and lead_id = $2 and status = 'ACTIVE'
     order by id desc limit 1 for update`,
    [leadId],
  );
  return row?.id ?? null;
}

/** What is left out asks for nothing. */
export type CallbackSearch = {
  readonly id?: number | undefined;
  readonly leadId?: number | undefined;
  readonly agentId?: number | undefined;
  readonly campaignId?: number | undefined;
  readonly status?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
};

/** By time, soonest first; and how many match in all. */
export async function searchCallbacks(
  scope: AccountScope,
  search: CallbackSearch,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly rows: CallbackRow[] }> {
  const values: unknown[] = [];
  const tests: string[] = [];
  const test = (sql: string, value: unknown): void => {
    if (value !== undefined) tests.push(`and ${sql} $${values.push(value) + 1}`);
  };
  test("c.id =", search.id);
  test("c.lead_id =", search.leadId);
  test("c.agent_id =", search.agentId);
  test("c.campaign_id =", search.campaignId);
  test("c.status =", search.status);
  test("c.callback_at >=", search.from);
  test("c.callback_at <=", search.to);
  const where = `where c.account_id = $1 ${tests.join(" ")}`;
  const [count] = await scope.query<{ total: number }>(`select count(*) as total from callbacks c ${where}`, values);
  const rows = await scope.query<CallbackRow>(
    `select c.id, c.lead_id, c.campaign_id, c.agent_id, c.callback_at, c.comments, c.status, c.created_at,
       l.phone_number, l.list_id, coalesce(a.number::text, a.code, a.id::text) as agent
     from callbacks c left join leads l on l.account_id = $1 and l.id = c.lead_id
     left join agents a on a.account_id = $1 and a.id = c.agent_id
     ${where} order by c.callback_at, c.id limit $${values.length + 2} offset $${values.length + 3}`,
    [...values, page.limit, page.offset],
  );
  return { total: count!.total, rows };
}
