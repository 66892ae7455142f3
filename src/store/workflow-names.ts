import type { CustomField } from "../contracts/fields.ts";
import type { Condition, RelationKind, SimpleCondition, WorkflowSettings } from "../contracts/workflow.ts";
import { fieldIndex } from "../core/field-index.ts";
import type { Names } from "../core/say-condition.ts";
import type { AccountScope } from "./account-scope.ts";
import { accountSettings } from "./account-settings.ts";
import type { EventSource } from "./events.ts";

/** Ids by what they are of: `connect`, `user`, `token`, `workflow`, `list` or a relation's kind. */
type Wanted = ReadonlyMap<string, ReadonlySet<number>>;

const tables: Readonly<Record<string, string>> = {
  connect: "connects",
  user: "users",
  token: "api_tokens",
  workflow: "workflows",
  campaign: "campaigns",
  list: "lists",
  queue: "queues",
  inbound_number: "inbound_numbers",
  email_template: "email_templates",
};

/** A verdict names this many of a relation's things; of the others it gives the numbers. */
const relatedMax = 50;

/**
 * The names that verdicts of these workflows need, in a statement at most; what is gone goes by its number. `sources` are who
 * caused the events, under the names they had then; `also`: connects and lists that actions name.
 */
export async function workflowNames(
  scope: AccountScope,
  workflows: readonly WorkflowSettings[],
  sources: readonly EventSource[],
  customFields: readonly CustomField[],
  also: readonly { readonly kind: string; readonly id: number }[] = [],
): Promise<Names & { readonly list: (id: number) => string }> {
  const wanted = wantedOf(workflows);
  for (const { kind, id } of also) want(wanted, kind, [id]);
  const found = new Map(await readNames(scope, wanted));
  for (const { kind, id, name } of sources) found.set(`${kind}/${id}`, name);
  const nameOf = (kind: string, id: number): string | undefined => found.get(`${kind}/${id}`);
  const fieldOf = fieldIndex(customFields);
  return {
    connect: (id) => nameOf("connect", id) ?? `connect ${id}`,
    field: (section, key) => fieldOf(section, key)?.label ?? key,
    source: (kind, id) => (id === null ? "Patchbay" : sayKind(kind, nameOf(kind, id) ?? String(id))),
    related: (kind, id) => nameOf(kind, id) ?? `${kind.replace("_", " ")} ${id}`,
    list: (id) => nameOf("list", id) ?? `list ${id}`,
  };
}

function sayKind(kind: string, name: string): string {
  if (kind === "token") return `API token ${name}`;
  return kind === "workflow" ? `workflow ${name}` : name;
}

function wantedOf(workflows: readonly WorkflowSettings[]): Map<string, Set<number>> {
  const wanted = new Map<string, Set<number>>();
  for (const { relation, events, stop_if } of workflows) {
    if (relation.of !== "all") want(wanted, relation.kind satisfies RelationKind, relation.of.slice(0, relatedMax));
    const conditions = typeof stop_if === "object" ? [...events, ...stop_if.filter] : events;
    for (const condition of conditions.flatMap(members)) {
      if (condition.type === "connect_outcome") want(wanted, "connect", [condition.connect_id]);
      if (condition.type !== "submitted_by") continue;
      want(wanted, "user", condition.users ?? []);
      want(wanted, "token", condition.tokens ?? []);
      want(wanted, "workflow", condition.workflows ?? []);
    }
  }
  return wanted;
}

function members(condition: Condition): readonly SimpleCondition[] {
  return condition.type === "any_of" ? condition.events : [condition];
}

function want(wanted: Map<string, Set<number>>, kind: string, ids: readonly number[]): void {
  const known = wanted.get(kind) ?? new Set<number>();
  for (const id of ids) known.add(id);
  wanted.set(kind, known);
}

async function readNames(scope: AccountScope, wanted: Wanted): Promise<ReadonlyMap<string, string>> {
  const { coded, emailTemplates } = await accountSettings(scope);
  const known: Readonly<Record<string, (id: number) => string | undefined>> = {
    campaign: (id) => coded.campaigns.byId.get(id)?.name,
    list: (id) => coded.lists.byId.get(id)?.name,
    queue: (id) => coded.queues.byId.get(id)?.name,
    inbound_number: (id) => coded.inbound_numbers.byId.get(id)?.name,
    email_template: (id) => emailTemplates.get(id),
  };
  const names = new Map<string, string>();
  const unknown = new Map<string, number[]>();
  for (const [kind, ids] of wanted)
    for (const id of ids) {
      const name = known[kind]?.(id);
      if (name !== undefined) names.set(`${kind}/${id}`, name);
      else if (kind in tables) unknown.set(kind, [...(unknown.get(kind) ?? []), id]);
    }
  if (unknown.size === 0) return names;
  const kinds = [...unknown.keys()].toSorted();
  const rows = await scope.prepared<{ kind: string; id: number; name: string }>(
    `names-of-${kinds.join("-")}`,
    kinds
      .map(
        (kind, at) =>
          `select '${kind}' as kind, id, name from ${tables[kind]} where account_id = $1 and id = any ($${at + 2}::bigint[])`,
      )
      .join(" union all "),
    kinds.map((kind) => unknown.get(kind)!),
  );
  for (const row of rows) names.set(`${row.kind}/${row.id}`, row.name);
  return names;
}
