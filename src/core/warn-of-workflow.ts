import type { ProblemPlace } from "../contracts/problem.ts";
import type { Condition, SimpleCondition, WorkflowSettings } from "../contracts/workflow.ts";
import type { WorkflowWorld } from "./check-context.ts";
import { openingHours, windowHours, type OpeningHours } from "./opening-hours.ts";
import { triggerTypes } from "./trigger-types.ts";

/** What can be saved and yet can't be meant. */
export function warnOfWorkflow(settings: WorkflowSettings, world: WorkflowWorld): ProblemPlace[] {
  return [
    ...warnOfEvents(settings),
    ...warnOfStop(settings, world),
    ...warnOfStatuses(settings, world),
    ...warnOfActions(settings, world),
  ];
}

function warnOfEvents({ events, relation, percentage }: WorkflowSettings): ProblemPlace[] {
  const warnings: ProblemPlace[] = [];
  const triggers = triggerTypes(events);
  if (events.some((event) => event.active) && triggers.length === 0)
    warnings.push({ path: "events", message: "These events never come together, so it never fires" });
  const seen: { index: number; bound: Bound }[] = [];
  events.forEach((event, index) => {
    const bound = event.active ? boundOf(event) : null;
    if (bound === null) return;
    const other = seen.find((earlier) => earlier.bound.of === bound.of && !overlap(earlier.bound, bound));
    if (other !== undefined)
      warnings.push({
        path: `events[${index}]`,
        message: `This and event ${other.index + 1} can't both hold, so it never fires. Put them into an “any of” group?`,
      });
    seen.push({ index, bound });
  });
  const inbound = relation.kind === "queue" || relation.kind === "inbound_number";
  if (inbound && triggers.length > 0 && !triggers.some((type) => type.startsWith("call.") || type.startsWith("x.")))
    warnings.push({ path: "relation", message: "Queues and inbound numbers fire on inbound calls only" });
  if (percentage === 0) warnings.push({ path: "percentage", message: "At 0 % it never fires" });
  return warnings;
}

/** What a condition lets through of one thing: texts (folded), or numbers from–to. */
type Bound = { readonly of: string } & (
  | { readonly texts: ReadonlySet<string> }
  | { readonly from: number; readonly to: number; readonly open: boolean }
  | { readonly blank: true }
);

/** null: it can't be told, or nothing is bounded. */
function boundOf(condition: Condition): Bound | null {
  if (condition.type === "disposition" || condition.type === "redisposition")
    return texts("disposition", condition.statuses);
  if (condition.type === "call_type") return texts("call type", condition.call_types);
  if (condition.type === "term_reason") return texts("term reason", condition.reasons);
  if (condition.type === "lead_status") return condition.to === undefined ? null : texts("status to", condition.to);
  if (condition.type === "call_count") return boundOfValues("lead.called_count", condition);
  if (condition.type === "field") return boundOfValues(`${condition.section}.${condition.field}`, condition);
  return null;
}

function texts(of: string, list: readonly (string | number)[]): Bound {
  return { of, texts: new Set(list.map((one) => String(one).trim().toLowerCase())) };
}

type Comparing = Extract<SimpleCondition, { type: "field" | "call_count" }>;

function boundOfValues(of: string, { operator, value, values, from, to }: Comparing): Bound | null {
  const list = values ?? (value === undefined ? [] : [value]);
  if (operator === "equals" || operator === "one_of") return texts(of, list);
  if (operator === "is_blank") return { of, blank: true };
  // of several operands one is enough
  const low = Math.min(...list.map(Number));
  const high = Math.max(...list.map(Number));
  if (operator === "greater_than" || operator === "at_least")
    return span(of, low, Infinity, operator === "greater_than");
  if (operator === "less_than" || operator === "at_most") return span(of, -Infinity, high, operator === "less_than");
  return operator === "within" ? span(of, Number(from), Number(to), false) : null;
}

function span(of: string, from: number, to: number, open: boolean): Bound | null {
  return Number.isNaN(from) || Number.isNaN(to) ? null : { of, from, to, open };
}

function overlap(a: Bound, b: Bound): boolean {
  if ("blank" in a || "blank" in b) return "blank" in a && "blank" in b;
  if ("texts" in a && "texts" in b) return !a.texts.isDisjointFrom(b.texts);
  if ("texts" in a) return [...a.texts].some((text) => isWithin(Number(text), b));
  if ("texts" in b) return [...b.texts].some((text) => isWithin(Number(text), a));
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to || (from === to && !a.open && !b.open);
}

function isWithin(value: number, bound: Bound): boolean {
  if (!("from" in bound)) return true;
  if (bound.open) return value > bound.from && value < bound.to;
  return value >= bound.from && value <= bound.to;
}

/** It stops for the very status that it waits for. */
function warnOfStop({ stop_if, events }: WorkflowSettings, world: WorkflowWorld): ProblemPlace[] {
  if (stop_if !== "reached" && stop_if !== "final") return [];
  for (const event of events) {
    if (!event.active) continue;
    const statuses =
      event.type === "disposition" ? event.statuses : event.type === "lead_status" ? event.to : undefined;
    if (statuses === undefined || !statuses.every((code) => world.status(code)?.[stop_if] === true)) continue;
    const which = statuses.length === 1 ? `${statuses[0]} is` : `${statuses.join(", ")} are`;
    const message = `${which} itself a ${stop_if} status: the workflow stops for a lead just when it would fire`;
    return [{ path: "stop_if", message }];
  }
  return [];
}

function warnOfStatuses({ events, stop_if, action_sets }: WorkflowSettings, world: WorkflowWorld): ProblemPlace[] {
  const named: { path: string; code: string }[] = [];
  const look = (conditions: readonly Condition[], path: string): void => {
    conditions.forEach((condition, index) => {
      const here = `${path}[${index}]`;
      if (condition.type === "any_of") look(condition.events, `${here}.events`);
      const lists =
        condition.type === "disposition" || condition.type === "redisposition"
          ? { statuses: condition.statuses }
          : condition.type === "lead_status"
            ? { from: condition.from ?? [], to: condition.to ?? [] }
            : {};
      for (const [name, codes] of Object.entries(lists))
        codes.forEach((code, at) => named.push({ path: `${here}.${name}[${at}]`, code }));
    });
  };
  look(events, "events");
  if (typeof stop_if === "object") look(stop_if.filter, "stop_if.filter");
  action_sets.forEach((set, index) =>
    set.actions.forEach((action, at) => {
      if (action.type === "status")
        named.push({ path: `action_sets[${index}].actions[${at}].status`, code: action.status });
    }),
  );
  return named
    .filter(({ code }) => world.status(code) === null)
    .map(({ path, code }) => ({
      path,
      message: `No status ${code} is known yet. Add it under Settings, or check how it is written`,
    }));
}

function warnOfActions({ action_sets, schedule }: WorkflowSettings, world: WorkflowWorld): ProblemPlace[] {
  const warnings: ProblemPlace[] = [];
  action_sets.forEach((set, index) => {
    const path = `action_sets[${index}]`;
    const active = set.actions.filter((action) => action.active);
    if (active.length === 0) warnings.push({ path, message: "Every action of this set is off: it does nothing" });
    if (set.delay === "none" && schedule !== "always" && !meet(openingHours(schedule), windowHours(set.window)))
      warnings.push({ path: `${path}.window`, message: "The schedule is never open in this window, so its actions always wait" }); // prettier-ignore
    set.actions.forEach((action, at) => {
      if (!action.active) return;
      const here = `${path}.actions[${at}]`;
      const connectId = "connect_id" in action ? action.connect_id : null;
      const connect = connectId === null ? null : world.connect(connectId);
      if (connect !== null && !connect.active)
        warnings.push({ path: `${here}.connect_id`, message: `${connect.name} is off: what is sent to it is held` });
      if (action.type === "email" && !world.hasMailServer)
        warnings.push({
          path: here,
          message: "There is no mail server yet: name one under Settings, or the mail fails",
        });
    });
  });
  return warnings;
}

/** Some minute of the week lies in both. */
function meet(a: OpeningHours, b: OpeningHours): boolean {
  const week = 7 * 1440;
  // hours past midnight of Sunday go on on Monday
  return minutesOfWeek(a).some((one) =>
    minutesOfWeek(b).some((other) =>
      [-week, 0, week].some((shift) => Math.max(one.from, other.from + shift) < Math.min(one.to, other.to + shift)),
    ),
  );
}

function minutesOfWeek(hours: OpeningHours) {
  return hours.flatMap((day, index) =>
    day.map(({ from, to }) => ({ from: from + index * 1440, to: to + index * 1440 })),
  );
}
