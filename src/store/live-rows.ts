import type { AccountId, DeliveryId } from "../contracts/ids.ts";
import type { Queryable } from "./database.ts";
import { logRow, logRowsFrom, versionOf, type LogRow } from "./deliveries.ts";
import { unnest } from "./unnest.ts";
import { uuidV7At } from "./uuid-v7.ts";

export type LiveKey = { readonly accountId: AccountId; readonly id: DeliveryId };
export type LiveVersion = LiveKey & { readonly version: number };

const keyColumns = [
  ["account_id", "bigint", (key: LiveKey) => key.accountId],
  ["id", "uuid", (key: LiveKey) => key.id],
] as const;

/**
 * How far back an id is looked for that was not there before: it is older than its row's commit, and is made on another
 * machine's clock perhaps.
 */
const lateMs = 10_000;
/** An attempt's id is made when it ended, so it is stored within moments. */
const attemptLateMs = 4_000;
/** Of one account, of each table, at one look: the newest. More than the engine delivers in a second. */
const newMost = 5_000;
const triedMost = 10_000;

/**
 * One look at the logs of several accounts: what was made of late, what was tried of late however old it is, and the
 * `followed`; each with its version (see `versionOf`), as of one moment. Along the keys of due, deliveries and attempts, so
 * that it costs what has happened and not what is stored, wherefore the queue's pool is asked. Crosses accounts: the caller keeps them apart.
 */
export async function readLiveVersions(
  queue: Queryable,
  accounts: readonly AccountId[],
  followed: readonly LiveKey[],
  now: number,
): Promise<LiveVersion[]> {
  const more = unnest(followed, [...keyColumns], 4);
  const { rows } = await queue.query<LiveVersion>({
    name: "live-versions",
    text: `with late as materialized (
        select a.account_id, l.id, ${versionOf("l")} as version
        from unnest($1::bigint[]) a(account_id) cross join lateral ${logRowsFrom("a.account_id", "$2", newMost)} l
      ), tried as materialized (
        select distinct a.account_id, t.delivery_id as id from unnest($1::bigint[]) a(account_id) cross join lateral (
          select delivery_id from attempts where account_id = a.account_id and id >= $3 order by id desc limit ${triedMost}
        ) t where t.delivery_id < $2
      ), older as (
        select account_id, id from tried union select account_id, id from ${more.from}
      )
      select account_id as "accountId", id, version from late
      union
      select c.account_id, c.id, ${versionOf("l")} from older c cross join lateral ${logRow("c.account_id", "c.id")} l`,
    values: [accounts, uuidV7At(now - lateMs), uuidV7At(now - attemptLateMs), ...more.values],
  });
  return rows;
}

/** These rows, by account. Crosses accounts: the caller keeps them apart. */
export async function readLiveRows(
  queue: Queryable,
  keys: readonly LiveKey[],
): Promise<ReadonlyMap<AccountId, readonly LogRow[]>> {
  const batch = unnest(keys, [...keyColumns]);
  const { rows } = await queue.query<LogRow & { accountId: AccountId }>({
    name: "live-rows",
    text: `select k.account_id as "accountId", l.*, c.name as connect_name
      from (select * from ${batch.from}) k cross join lateral ${logRow("k.account_id", "k.id")} l
      left join connects c on c.account_id = k.account_id and c.id = l.connect_id`,
    values: batch.values,
  });
  return Map.groupBy(rows, ({ accountId }) => accountId);
}
