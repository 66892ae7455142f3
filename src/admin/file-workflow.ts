import type { Condition, RelationKind, Schedule, SimpleCondition, WorkflowSettings } from "../contracts/workflow.ts";
import { weekdays, type Action, type Weekday } from "../contracts/workflow.ts";
import { changesOf } from "../contracts/endpoint.ts";
import { WorkflowSettings as Settings } from "../contracts/workflow.ts";
import type { Changes } from "./change.ts";
import type { FileWorkflow } from "./file-workflow-schema.ts";

/** What workflows name in a file. */
export type NamedKind = RelationKind | "connect" | "user" | "token" | "workflow";
/** The id behind a name; null: there is none (who asks has told). */
export type IdOf = (kind: NamedKind, name: string, path: readonly PropertyKey[]) => Promise<number | null>;

type Values = Readonly<Record<string, unknown>>;
type Path = readonly PropertyKey[];

/** A file's workflow with ids in place of names; what can't be found is told to `idOf`, and null comes back. */
export async function workflowFromFile(item: FileWorkflow, idOf: IdOf): Promise<Changes<WorkflowSettings> | null> {
  let missing = false;
  const find: IdOf = async (kind, name, path) => {
    const id = await idOf(kind, name, path);
    if (id === null) missing = true;
    return id;
  };
  const { relation, schedule, stop_if: stopIf, events, action_sets: sets, ...plain } = item;
  const converted = {
    ...plain,
    ...(relation === undefined ? {} : { relation: await relationFromFile(relation, find) }),
    ...(schedule === undefined ? {} : { schedule: scheduleFromFile(schedule) }),
    ...(stopIf === undefined
      ? {}
      : {
          stop_if:
            typeof stopIf === "string"
              ? stopIf
              : { filter: await conditionsFromFile(stopIf.filter as Values[], ["stop_if", "filter"], find) },
        }),
    ...(events === undefined ? {} : { events: await conditionsFromFile(events as Values[], ["events"], find) }),
    ...(sets === undefined
      ? {}
      : {
          action_sets: await Promise.all(
            sets.map(async (set, index) => ({
              ...set,
              actions: await each(set.actions as Values[], (action, at) =>
                named(action, ["action_sets", index, "actions", at], find),
              ),
            })),
          ),
        }),
  };
  return missing ? null : changesOf(Settings).parse(converted);
}

async function conditionsFromFile(conditions: readonly Values[], path: Path, find: IdOf): Promise<Values[]> {
  return each(conditions, async (condition, index) => {
    const here = [...path, index];
    if (condition["type"] !== "any_of") return named(condition, here, find);
    const events = await conditionsFromFile(condition["events"] as Values[], [...here, "events"], find);
    return { ...condition, events };
  });
}

/** A condition or action whose connect, list or people go by id. */
async function named(item: Values, path: Path, find: IdOf): Promise<Values> {
  const { connect, list, users, tokens, workflows, ...rest } = item;
  const ids = (kind: NamedKind, key: string, wanted: unknown) =>
    each(wanted as string[], (name, index) => find(kind, name, [...path, key, index]));
  return {
    ...rest,
    ...(connect === undefined ? {} : { connect_id: connect === null ? null : await find("connect", connect as string, [...path, "connect"]) }), // prettier-ignore
    ...(list === undefined ? {} : { list_id: await find("list", list as string, [...path, "list"]) }),
    ...(users === undefined ? {} : { users: await ids("user", "users", users) }),
    ...(tokens === undefined ? {} : { tokens: await ids("token", "tokens", tokens) }),
    ...(workflows === undefined ? {} : { workflows: await ids("workflow", "workflows", workflows) }),
  };
}

async function relationFromFile(relation: NonNullable<FileWorkflow["relation"]>, find: IdOf): Promise<Values> {
  const [kind, of] = Object.entries(relation).find(([, value]) => value !== undefined)! as [RelationKind, "all" | string[]]; // prettier-ignore
  if (of === "all") return { kind, of };
  return { kind, of: await each(of, (name, index) => find(kind, name, ["relation", kind, index])) };
}

function scheduleFromFile(schedule: NonNullable<FileWorkflow["schedule"]> | false): Schedule {
  if (schedule === "always" || schedule === "off" || schedule === false) return "always";
  const { zone = "account" } = schedule;
  const entries = "hours" in schedule ? [{ days: schedule.days, hours: schedule.hours }] : schedule.days;
  return { zone, days: entries.map(({ days, hours }) => ({ days: days.flatMap(daysOf), hours })) };
}

/** `mon-fri`, `sat-mon`. */
function daysOf(range: string): Weekday[] {
  const [from, to = from] = range.split("-") as [Weekday, Weekday?];
  const start = weekdays.indexOf(from);
  const length = ((weekdays.indexOf(to) - start + 7) % 7) + 1;
  return Array.from({ length }, (_, index) => weekdays[(start + index) % 7]!);
}

/** One after the other: they share a transaction. */
async function each<From, To>(items: readonly From[], work: (item: From, index: number) => Promise<To>): Promise<To[]> {
  const done: To[] = [];
  for (const [index, item] of items.entries()) done.push(await work(item, index));
  return done;
}

export type FileNames = {
  readonly of: (kind: NamedKind, id: number) => string;
  readonly field: (key: string) => string;
  /** A text's places by field names. */
  readonly places: (text: string) => string;
};

/** A workflow as the file writes it: names for ids, and nothing that says what is so anyway. */
export function workflowToFile(settings: WorkflowSettings, names: FileNames): object {
  // parsed, so that keys come in the contract's order and not in the database's
  const { relation, schedule, stop_if: stopIf, events, action_sets: sets, ...general } = Settings.parse(settings);
  return {
    name: general.name,
    description: general.description,
    active: general.active,
    relation: {
      [relation.kind]: relation.of === "all" ? "all" : relation.of.map((id) => names.of(relation.kind, id)),
    },
    stop_if: typeof stopIf === "string" ? stopIf : { filter: stopIf.filter.map((one) => conditionToFile(one, names)) },
    loop_protection: general.loop_protection,
    skip_if_pending: general.skip_if_pending,
    schedule: scheduleToFile(schedule),
    percentage: general.percentage,
    events: events.map((event) => conditionToFile(event, names)),
    action_sets: sets.map(({ delay, window, actions }) => ({
      delay: typeof delay === "object" && "field" in delay ? { ...delay, field: names.field(delay.field) } : delay,
      ...(window === "24hr" ? {} : { window }),
      actions: actions.map((action) => actionToFile(action, names)),
    })),
  };
}

function conditionToFile(condition: Condition, names: FileNames): object {
  if (condition.type !== "any_of") return simpleToFile(condition, names);
  const { type, events, active } = condition;
  return { type, events: events.map((event) => simpleToFile(event, names)), ...(active ? {} : { active }) };
}

function simpleToFile({ active, ...condition }: SimpleCondition, names: FileNames): object {
  const off = active ? {} : { active };
  if (condition.type === "connect_outcome") {
    const { type, connect_id: id, outcomes } = condition;
    return { type, connect: names.of("connect", id), outcomes, ...off };
  }
  if (condition.type === "submitted_by") {
    const { type, users, tokens, workflows } = condition;
    const list = (key: string, kind: NamedKind, ids: readonly number[] | undefined) =>
      ids === undefined ? {} : { [key]: ids.map((id) => names.of(kind, id)) };
    return {
      type,
      ...list("users", "user", users),
      ...list("tokens", "token", tokens),
      ...list("workflows", "workflow", workflows),
      ...off,
    };
  }
  if (condition.type === "field") return { ...condition, field: names.field(condition.field), ...off };
  return { ...condition, ...off };
}

function actionToFile(action: Action, names: FileNames): object {
  const { active, skip_if_live_call: skip, latest_values: latest, ...own } = action;
  const common = {
    ...(active ? {} : { active }),
    ...(skip ? { skip_if_live_call: skip } : {}),
    ...(latest ? { latest_values: latest } : {}),
  };
  switch (own.type) {
    case "move": {
      const { list_id: id, type } = own;
      return { type, list: names.of("list", id), ...common };
    }
    case "field": {
      const from = own.from === undefined ? {} : { from: own.from.replace(/field_\d+$/, names.field) };
      return { ...own, field: names.field(own.field), ...from, ...common };
    }
    case "email": {
      const { type, to, subject, body } = own;
      return { type, to: names.places(to), subject: names.places(subject), body: names.places(body), ...common };
    }
    case "integration":
    case "sms":
    case "voice_broadcast":
    case "ringless_voicemail": {
      const { type, connect_id: id } = own;
      return { type, ...(id === null ? {} : { connect: names.of("connect", id) }), ...common };
    }
    case "status":
    case "callback":
    case "callback_update":
    case "hopper":
    case "dnc":
    case "revenue":
      break;
  }
  return { ...own, ...common };
}

function scheduleToFile(schedule: Schedule): unknown {
  if (schedule === "always") return schedule;
  const { zone, days } = schedule;
  const entries = days.map((entry) => ({ days: rangesOf(entry.days), hours: entry.hours }));
  return entries.length === 1 ? { zone, ...entries[0] } : { zone, days: entries };
}

/** Days in a row, three and more, as a range. Their order stays, so that nothing changes on the way back. */
function rangesOf(days: readonly Weekday[]): string[] {
  const ranges: string[] = [];
  for (let from = 0; from < days.length;) {
    let to = from;
    while (to + 1 < days.length && weekdays.indexOf(days[to + 1]!) === (weekdays.indexOf(days[to]!) + 1) % 7) to++;
    if (to - from >= 2 && to - from < 7) {
      ranges.push(`${days[from]}-${days[to]}`);
      from = to + 1;
    } else ranges.push(days[from++]!);
  }
  return ranges;
}
