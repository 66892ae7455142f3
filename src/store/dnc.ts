import type { CampaignId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

/** A number that is not to be called: everywhere (campaign null), or for one campaign. */
export type DncNumber = {
  readonly phoneNumber: string;
  readonly phoneCode: string;
  readonly campaignId: CampaignId | null;
  readonly purpose: string;
  readonly reason: string;
};

/** Its id; null: it is there already. */
export async function insertDncNumber(scope: AccountScope, number: DncNumber): Promise<number | null> {
  const [row] = await scope.query<{ id: number }>(
    `insert into dnc_numbers (account_id, phone_number, phone_code, campaign_id, purpose, reason)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (account_id, phone_number, phone_code, coalesce(campaign_id, 0)) do nothing returning id`,
    [number.phoneNumber, number.phoneCode, number.campaignId, number.purpose, number.reason],
  );
  return row?.id ?? null;
}

/** Takes numbers off: by id, or a number everywhere and in every campaign, or in one. Gives how many. */
export async function deleteDncNumbers(
  scope: AccountScope,
  which: {
    readonly id?: number | undefined;
    readonly phoneNumber?: string | undefined;
    readonly phoneCode?: string | undefined;
    readonly campaignId?: number | undefined;
  },
): Promise<number> {
  const rows = await scope.query(
    `delete from dnc_numbers where account_id = $1 and ($2::bigint is null or id = $2)
       and ($3::text is null or phone_number = $3) and ($4::text is null or phone_code = $4)
       and ($5::bigint is null or campaign_id = $5) and ($2::bigint is not null or $3::text is not null)
     returning 1`,
    [which.id ?? null, which.phoneNumber ?? null, which.phoneCode ?? null, which.campaignId ?? null],
  );
  return rows.length;
}

export type DncRow = {
  readonly id: number;
  readonly phone_number: string;
  readonly phone_code: string;
  readonly campaign_id: CampaignId | null;
  readonly campaign_name: string | null;
  readonly purpose: string;
  readonly reason: string;
  readonly created_at: Date;
};

/** What is left out asks for nothing. */
export type DncSearch = {
  readonly id?: number | undefined;
  readonly phoneNumber?: string | undefined;
  readonly phoneCode?: string | undefined;
  readonly campaignId?: number | undefined;
};

/** Oldest first; and how many match in all. */
export async function searchDncNumbers(
  scope: AccountScope,
  search: DncSearch,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly rows: DncRow[] }> {
  const where = `where n.account_id = $1 and ($2::bigint is null or n.id = $2)
    and ($3::text is null or n.phone_number = $3) and ($4::text is null or n.phone_code = $4)
    and ($5::bigint is null or n.campaign_id = $5)`;
  const values = [search.id ?? null, search.phoneNumber ?? null, search.phoneCode ?? null, search.campaignId ?? null];
  const [count] = await scope.query<{ total: number }>(`select count(*) as total from dnc_numbers n ${where}`, values);
  const rows = await scope.query<DncRow>(
    `select n.id, n.phone_number, n.phone_code, n.campaign_id, c.name as campaign_name, n.purpose, n.reason, n.created_at
     from dnc_numbers n left join campaigns c on c.account_id = $1 and c.id = n.campaign_id
     ${where} order by n.id limit $6 offset $7`,
    [...values, page.limit, page.offset],
  );
  return { total: count!.total, rows };
}
