import type { AccountScope } from "./account-scope.ts";
import type { StatusFacts } from "./references.ts";

export type AgentFacts = { readonly kept: string; readonly name: string; readonly email: string };

/** The names behind the ids that leads and calls hold. */
export type EventNames = {
  readonly campaign: (id: number | null) => string | null;
  readonly queue: (id: number | null) => string | null;
  /** As the dialler writes it. */
  readonly inboundNumber: (id: number | null) => string | null;
  /** `kept`: what a lead's `user_id` holds of it. */
  readonly agent: (id: number | null) => AgentFacts | null;
  /** By what a lead's `user_id` holds: a number or a code. */
  readonly leadAgent: (userId: string | null) => AgentFacts | null;
  readonly status: (code: string | null) => StatusFacts | null;
};

type Wanted = {
  readonly campaigns: readonly (number | null)[];
  readonly queues: readonly (number | null)[];
  readonly inboundNumbers: readonly (number | null)[];
  readonly agents: readonly (number | null)[];
  readonly leadAgents: readonly (string | null)[];
  readonly statuses: readonly (string | null)[];
};

/** All of them in one statement. */
export async function eventNames(scope: AccountScope, wanted: Wanted): Promise<EventNames> {
  const rows = await scope.prepared<{
    kind: string;
    key: string;
    name: string;
    kept: string;
    email: string;
    reached: boolean;
    final: boolean;
  }>(
    "event-names",
    `select 'campaign' as kind, id::text as key, name, '' as kept, '' as email, false as reached, false as final
       from campaigns where account_id = $1 and id = any ($2::bigint[])
     union all select 'queue', id::text, name, '', '', false, false
       from queues where account_id = $1 and id = any ($3::bigint[])
     union all select 'inbound number', id::text, coalesce(code, name), '', '', false, false
       from inbound_numbers where account_id = $1 and id = any ($4::bigint[])
     union all select 'agent', id::text, name, coalesce(number::text, code, id::text), email, false, false
       from agents where account_id = $1 and id = any ($5::bigint[])
     union all select 'lead agent', wanted, a.name, coalesce(a.number::text, a.code, a.id::text), a.email, false, false
       from unnest($6::text[]) as of_lead(wanted) cross join lateral (
         select * from agents where account_id = $1
           and (code = wanted or number = case when wanted ~ '^\\d{1,15}$' then wanted::bigint end)
         order by number is null limit 1) a
     union all select 'status', code, name, '', '', reached, final
       from statuses where account_id = $1 and code = any ($7::text[])`,
    [wanted.campaigns, wanted.queues, wanted.inboundNumbers, wanted.agents, wanted.leadAgents, wanted.statuses].map(
      (keys) => [...new Set<number | string | null>(keys)].filter((key) => key !== null),
    ),
  );
  const byKey = new Map(rows.map((row) => [`${row.kind}/${row.key}`, row]));
  const row = (kind: string, key: number | string | null) => (key === null ? undefined : byKey.get(`${kind}/${key}`));
  return {
    campaign: (id) => row("campaign", id)?.name ?? null,
    queue: (id) => row("queue", id)?.name ?? null,
    inboundNumber: (id) => row("inbound number", id)?.name ?? null,
    agent: (id) => row("agent", id) ?? null,
    leadAgent: (userId) => row("lead agent", userId) ?? null,
    status: (code) => row("status", code) ?? null,
  };
}
