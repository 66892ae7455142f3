import type { AccountScope } from "./account-scope.ts";
import { accountSettings, type Agent, type StatusFacts } from "./account-settings.ts";

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

/** From what is known of the account, and in one statement what is not: what this transaction has added itself. */
export async function eventNames(scope: AccountScope, wanted: Wanted): Promise<EventNames> {
  const { coded, agents, statuses } = await accountSettings(scope);
  const leadAgentOf = (userId: string): Agent | undefined =>
    (isAgentNumber(userId) ? agents.byNumber.get(Number(userId)) : undefined) ?? agents.byCode.get(userId);
  const unknown: Wanted = {
    campaigns: missing(wanted.campaigns, (id) => coded.campaigns.byId.has(id)),
    queues: missing(wanted.queues, (id) => coded.queues.byId.has(id)),
    inboundNumbers: missing(wanted.inboundNumbers, (id) => coded.inbound_numbers.byId.has(id)),
    agents: missing(wanted.agents, (id) => agents.byId.has(id)),
    leadAgents: missing(wanted.leadAgents, (userId) => leadAgentOf(userId) !== undefined),
    statuses: missing(wanted.statuses, (code) => statuses.has(code)),
  };
  const row = Object.values(unknown).some((keys) => keys.length > 0)
    ? await readNames(scope, unknown)
    : () => undefined;
  return {
    campaign: (id) => (known(coded.campaigns.byId, id) ?? row("campaign", id))?.name ?? null,
    queue: (id) => (known(coded.queues.byId, id) ?? row("queue", id))?.name ?? null,
    inboundNumber: (id) => {
      const number = known(coded.inbound_numbers.byId, id);
      return number?.code ?? (number ?? row("inbound number", id))?.name ?? null;
    },
    agent: (id) => factsOf(known(agents.byId, id)) ?? row("agent", id) ?? null,
    leadAgent: (userId) =>
      userId === null ? null : (factsOf(leadAgentOf(userId)) ?? row("lead agent", userId) ?? null),
    status: (code) => known(statuses, code) ?? row("status", code) ?? null,
  };
}

function known<Key, Thing>(things: ReadonlyMap<Key, Thing>, key: Key | null): Thing | undefined {
  return key === null ? undefined : things.get(key);
}

function missing<Key>(keys: readonly (Key | null)[], isKnown: (key: Key) => boolean): Key[] {
  return [...new Set(keys)].filter((key) => key !== null && !isKnown(key)) as Key[];
}

function factsOf(agent: Agent | undefined): AgentFacts | undefined {
  if (agent === undefined) return undefined;
  return { kept: String(agent.number ?? agent.code ?? agent.id), name: agent.name, email: agent.email };
}

const isAgentNumber = (userId: string): boolean => /^\d{1,15}$/.test(userId);

type NameRow = AgentFacts & StatusFacts & { readonly kind: string; readonly key: string };

async function readNames(
  scope: AccountScope,
  wanted: Wanted,
): Promise<(kind: string, key: number | string | null) => NameRow | undefined> {
  const rows = await scope.prepared<NameRow>(
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
    [wanted.campaigns, wanted.queues, wanted.inboundNumbers, wanted.agents, wanted.leadAgents, wanted.statuses],
  );
  const byKey = new Map(rows.map((row) => [`${row.kind}/${row.key}`, row]));
  return (kind, key) => (key === null ? undefined : byKey.get(`${kind}/${key}`));
}
