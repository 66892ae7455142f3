import type { CampaignId, ListId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import { plainTable } from "./plain-table.ts";

export type ListValues = {
  readonly name: string;
  readonly code: string | null;
  readonly campaign_id: CampaignId | null;
};
export type ListRow = ListValues & { readonly id: ListId; readonly described: boolean };

export const lists = plainTable<ListRow, ListValues>("lists", ["name", "code", "campaign_id"], ["described"]);

/** What the page shows of these lists besides. `leads` counts along leads_list. */
export async function describeLists(
  scope: AccountScope,
  ids: readonly ListId[],
): Promise<
  ReadonlyMap<ListId, { readonly campaign: { id: CampaignId; name: string } | null; readonly leads: number }>
> {
  const rows = await scope.query<{ id: ListId; campaign_id: CampaignId | null; campaign_name: string; leads: number }>(
    `select l.id, l.campaign_id, c.name as campaign_name,
       (select count(*) from leads where account_id = $1 and list_id = l.id) as leads
     from lists l left join campaigns c on c.account_id = $1 and c.id = l.campaign_id
     where l.account_id = $1 and l.id = any ($2::bigint[])`,
    [ids],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        campaign: row.campaign_id === null ? null : { id: row.campaign_id, name: row.campaign_name },
        leads: row.leads,
      },
    ]),
  );
}
