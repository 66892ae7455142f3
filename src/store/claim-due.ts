import type { AccountId, AdaptorId, ConnectId, DeliveryId, EventId, LeadId } from "../contracts/ids.ts";
import type { Diagnosis } from "../contracts/outcome.ts";
import type { Payload } from "../core/request.ts";
import type { Queryable } from "./database.ts";
import { leaseSeconds, type ClaimedDue } from "./due.ts";
import type { LaneKey } from "./lanes.ts";
import { ofKey } from "./of-key.ts";
import { shareSql, type Membership } from "./shares.ts";
import { unnest } from "./unnest.ts";

/** What this process has of a connect already. */
export type BusyConnect = {
  readonly accountId: AccountId;
  readonly connectId: ConnectId;
  /** Leased to it: under way, or about to be. */
  readonly outstanding: number;
  /** As many as it sends in the time that a claim should last. */
  readonly appetite: number;
};

/** What one claim may take. */
export type ClaimLimits = {
  readonly batchMax: number;
  /** Who shares each connect's concurrency with this process. */
  readonly membership: Membership;
  readonly busy: readonly BusyConnect[];
};

export type Claim = {
  readonly claimed: ClaimedDue;
  /** The connect's, over all processes. */
  readonly concurrency: number;
  /** Until its slot, from when the database answered; null: the connect has no rate. */
  readonly waitMs: number | null;
  /** It asks a connect whose breaker is open how its vendor does. */
  readonly probe: boolean;
};

/**
 * The connects that have something to send or to wait for, found by jumping along due_claim from one to the next: a
 * backlog costs nothing, nor do connects with nothing owed. https://wiki.postgresql.org/wiki/Loose_indexscan
 */
const readyConnects = `ready(account_id, connect_id) as (
    (select account_id, connect_id from due where held_because is null and not behind and connect_id is not null
     order by account_id, connect_id limit 1)
    union all
    select next.* from ready cross join lateral (
      select account_id, connect_id from due where held_because is null and not behind and connect_id is not null
        and (account_id, connect_id) > (ready.account_id, ready.connect_id)
      order by account_id, connect_id limit 1) next
  )`;

const share = (concurrency: string, connect: string): string =>
  shareSql(concurrency, connect, { me: "$2", numbers: "$3" });

/** A connect's oldest, up to so many. A row whose lease ran out is claimable again; locked ones are another claim's. */
const oldest = (of: string, most: string): string => `
  select d.account_id, d.id, d.lease_until is not null as taken_over, coalesce(d.lease_until, d.due_at) as since from due d
  where d.account_id = ${of}.account_id and d.connect_id = ${of}.connect_id and d.held_because is null and not d.behind
    and coalesce(d.lease_until, d.due_at) <= now()
  order by coalesce(d.lease_until, d.due_at)
  limit greatest(0, ${most})
  for update skip locked`;

/** A probe, and what has a rate, is slower to get at: it locks the connect's state. Everything else goes this way. */
const isPlain = `s.paused_at is null and coalesce(s.breaker, 'closed') = 'closed' and coalesce(c.settings -> 'rate', 'null') = 'null'`;

const leaseChosen = `update due d set lease_until = now() + interval '${leaseSeconds} s', fence = d.fence + 1,
    maybe_sent_twice = d.maybe_sent_twice or chosen.taken_over
  from chosen where ${ofKey("d", "chosen")}`;

const busyColumns = [
  ["account_id", "bigint", (row: BusyConnect) => row.accountId],
  ["connect_id", "bigint", (row: BusyConnect) => row.connectId],
  ["outstanding", "integer", (row: BusyConnect) => row.outstanding],
  ["appetite", "integer", (row: BusyConnect) => row.appetite],
] as const;

/**
 * Leases what is due: of every connect its oldest, as many as this process has use for, so that no connect's backlog
 * stands in another's way; `skip locked` lets any number of processes claim side by side. Connect 0 stands for tests of
 * settings that were never saved: they are claimed only when the process that sent them died. Claims cross accounts.
 */
export async function claimDue(db: Queryable, limits: ClaimLimits): Promise<Claim[]> {
  const busy = unnest(limits.busy, [...busyColumns], 4);
  const { rows } = await db.query<ClaimedRow>({
    name: "claim-due",
    text: `with recursive ${readyConnects},
      allowed as materialized (
        select r.account_id, r.connect_id, coalesce((c.settings ->> 'concurrency')::int, 32) as concurrency,
          coalesce(b.outstanding, 0) as outstanding, coalesce(b.appetite, 0) as appetite
        from ready r
        left join connects c on c.account_id = r.account_id and c.id = r.connect_id
        left join connect_states s on s.account_id = r.account_id and s.connect_id = r.connect_id
        left join (select * from ${busy.from}) b on b.account_id = r.account_id and b.connect_id = r.connect_id
        where ${isPlain}
      ),
      shared as materialized (select *, ${share("concurrency", "connect_id")} as share from allowed),
      chosen as materialized (
        select waiting.*, a.concurrency from shared a cross join lateral (
          ${oldest("a", "case when a.share = 0 then 0 else greatest(a.share, a.appetite) - a.outstanding end")}
        ) waiting
        limit $1::int
      )
      ${leaseChosen}
      returning ${claimedColumns}, chosen.taken_over, chosen.concurrency, null::float8 as wait_ms, false as probe`,
    values: [limits.batchMax, limits.membership.me, limits.membership.numbers, ...busy.values],
  });
  return rows.map(claimOf);
}

/**
 * The same for connects with a rate, and for the one delivery that asks a connect whose breaker is open how its vendor
 * does. A rate's slots lie evenly on this database's clock, a little wider apart than the rate, so that one which
 * reaches the vendor up to `lateMs` late still leaves no second with more than its share. They are granted by the connect's row, which is
 * locked: no two processes get one slot. `horizonMs`: how far ahead.
 */
export async function claimPaced(
  db: Queryable,
  limits: ClaimLimits,
  pace: { readonly lateMs: number; readonly horizonMs: number },
): Promise<Claim[]> {
  const busy = unnest(limits.busy, [...busyColumns], 6);
  const { rows } = await db.query<ClaimedRow>({
    name: "claim-paced",
    text: `with recursive ${readyConnects},
      made as (
        insert into connect_states (account_id, connect_id)
        select r.account_id, r.connect_id from ready r
        join connects c on c.account_id = r.account_id and c.id = r.connect_id and c.settings -> 'rate' <> 'null'
        where not exists (select from connect_states s where s.account_id = r.account_id and s.connect_id = r.connect_id)
        on conflict do nothing
      ),
      state as materialized (
        select s.*, (c.settings -> 'rate' ->> 'per_second')::float8 as per_second,
          coalesce((c.settings ->> 'concurrency')::int, 32) as concurrency
        from ready r
        join connect_states s on s.account_id = r.account_id and s.connect_id = r.connect_id
        join connects c on c.account_id = r.account_id and c.id = r.connect_id
        where s.paused_at is null and (
          (s.breaker = 'open' and s.probe_at <= now())
          or (s.breaker = 'closed' and c.settings -> 'rate' <> 'null'))
        order by s.account_id, s.connect_id
        for update of s skip locked
      ),
      granted as materialized (
        select state.account_id, state.connect_id, concurrency, per_second, breaker,
          greatest(next_slot, now()) as first_slot,
          -- the window holds per_second slots of one second, and the lateness of one
          coalesce((1 + $4::float8 / 1000) / per_second, 0) as spacing,
          case when breaker = 'open' then 1 else ${share("concurrency", "state.connect_id")} - coalesce(b.outstanding, 0) end as room
        from state
        left join (select * from ${busy.from}) b on b.account_id = state.account_id and b.connect_id = state.connect_id
      ),
      chosen as materialized (
        select waiting.*, g.connect_id, g.concurrency, g.breaker, g.per_second, g.spacing,
          g.first_slot + g.spacing * interval '1 s' * (row_number() over (partition by g.account_id, g.connect_id order by waiting.since) - 1) as slot
        from granted g cross join lateral (
          ${oldest(
            "g",
            `least(g.room, case when g.per_second is null then 1 else
              (floor(extract(epoch from now() - g.first_slot + $5::float8 * interval '1 ms') / g.spacing) + 1)::int end, $1::int)`,
          )}
        ) waiting
      ),
      moved as (
        update connect_states s set
          next_slot = case when used.per_second is null then s.next_slot else used.last + used.spacing * interval '1 s' end,
          probe_at = case when used.breaker = 'open' then now() + s.probe_wait_seconds * interval '1 s' else s.probe_at end,
          probe_wait_seconds = case when used.breaker = 'open' then least(300, s.probe_wait_seconds * 2) else s.probe_wait_seconds end
        from (select account_id, connect_id, breaker, per_second, spacing, max(slot) as last from chosen group by 1, 2, 3, 4, 5) used
        where s.account_id = used.account_id and s.connect_id = used.connect_id
      )
      ${leaseChosen}
      returning ${claimedColumns}, chosen.taken_over, chosen.concurrency,
        case when chosen.per_second is not null then
          (extract(epoch from chosen.slot - clock_timestamp()) * 1000)::float8 end as wait_ms,
        chosen.breaker = 'open' as probe`,
    values: [
      limits.batchMax,
      limits.membership.me,
      limits.membership.numbers,
      pace.lateMs,
      pace.horizonMs,
      ...busy.values,
    ],
  });
  return rows.map(claimOf);
}

const claimedColumns = `d.account_id, d.id, d.connect_id, d.lead_id, d.phone_number, d.event_id, d.event_type, d.test,
  d.connect_revision, d.adaptor_id, d.adaptor_revision, d.give_up_at, d.payload, d.fence, d.attempts, d.attempts_unused,
  d.last_diagnosis, d.maybe_sent_twice, d.lane::text as lane`;

type ClaimedRow = {
  account_id: AccountId;
  id: DeliveryId;
  connect_id: ConnectId;
  lead_id: LeadId | null;
  phone_number: string;
  event_id: EventId;
  event_type: string;
  test: boolean;
  connect_revision: number;
  adaptor_id: AdaptorId | null;
  adaptor_revision: number | null;
  give_up_at: Date;
  payload: Payload;
  fence: number;
  attempts: number;
  attempts_unused: number;
  last_diagnosis: Diagnosis | null;
  maybe_sent_twice: boolean;
  taken_over: boolean;
  lane: LaneKey | null;
  concurrency: number;
  wait_ms: number | null;
  probe: boolean;
};

function claimOf(row: ClaimedRow): Claim {
  return {
    concurrency: row.concurrency,
    waitMs: row.wait_ms,
    probe: row.probe,
    claimed: {
      accountId: row.account_id,
      id: row.id,
      connectId: row.connect_id,
      leadId: row.lead_id,
      phoneNumber: row.phone_number,
      eventId: row.event_id,
      eventType: row.event_type,
      test: row.test,
      connectRevision: row.connect_revision,
      adaptorId: row.adaptor_id,
      adaptorRevision: row.adaptor_revision,
      giveUpAt: row.give_up_at,
      payload: row.payload,
      fence: row.fence,
      attempts: row.attempts,
      attemptsUnused: row.attempts_unused,
      lastDiagnosis: row.last_diagnosis,
      maybeSentTwice: row.maybe_sent_twice,
      takenOver: row.taken_over,
      lane: row.lane,
    },
  };
}
