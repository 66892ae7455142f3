import type { CampaignId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import { plainTable } from "./plain-table.ts";

export type CampaignValues = { readonly name: string; readonly code: string | null };
export type CampaignRow = CampaignValues & { readonly id: CampaignId; readonly described: boolean };

export const campaigns = plainTable<CampaignRow, CampaignValues>("campaigns", ["name", "code"], ["described"]);

export async function countListsOf(scope: AccountScope, id: CampaignId): Promise<number> {
  const [row] = await scope.query<{ count: number }>(
    "select count(*) from lists where account_id = $1 and campaign_id = $2",
    [id],
  );
  return row!.count;
}
