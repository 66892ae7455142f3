import { clockOf, sayDuration } from "../contracts/time-words.ts";
import type { Action, ActionSet, Delay, WorkflowSettings } from "../contracts/workflow.ts";
import { sayCondition, type Names } from "./say-condition.ts";

export type WorkflowNames = Names & {
  readonly list: (id: number) => string;
};

/** What is set, read back in one sentence: "When Disposition is SALE in Campaign A, send the lead to Acme CRM." */
export function sayWorkflow(settings: WorkflowSettings, names: WorkflowNames): string {
  const conditions = settings.events.filter((event) => event.active).map((event) => sayCondition(event, names));
  const sets = settings.action_sets
    .map((set) => sayActionSet(set, names, settings.schedule !== "always" && settings.schedule.zone === "lead"))
    .filter((set) => set !== "");
  const when = conditions.length === 0 ? "Nothing makes it fire" : `When ${conditions.join(" and ")}`;
  return `${when}${sayRelation(settings, names)}, ${sets.length === 0 ? "do nothing" : sets.join("; ")}.${
    settings.percentage === 100 ? "" : ` For ${settings.percentage} % of leads.`
  }`;
}

/** "after 1 day, between 9:00 and 17:00: change the status to CALLBACK and send the lead to Acme CRM". Empty: every action is off. */
function sayActionSet(set: ActionSet, names: WorkflowNames, inLeadsTime = false): string {
  const actions = set.actions.filter((action) => action.active).map((action) => sayAction(action, names));
  if (actions.length === 0) return "";
  const ends = clockOf(set.window);
  const when = [
    sayDelay(set.delay, names),
    ends === null ? "" : `between ${ends[0]} and ${ends[1]}${inLeadsTime ? " of the lead's own time" : ""}`,
  ].filter((part) => part !== "");
  return `${when.length === 0 ? "" : `${when.join(", ")}: `}${joinWords(actions)}`;
}

/** "send the lead to Acme CRM" */
export function sayAction(action: Action, names: WorkflowNames): string {
  switch (action.type) {
    case "integration":
      return `send the lead to ${names.connect(action.connect_id)}`;
    case "status":
      return `change the status to ${action.status}`;
    case "move":
      return `move the lead to ${names.list(action.list_id)}`;
    case "field":
      return sayField(action, names);
    case "callback":
      return `schedule a callback in ${sayDuration(action.in)}`;
    case "callback_update":
      return action.remove === true
        ? "remove the callback"
        : `move the callback to ${sayDuration(action.in ?? "0s")} from then`;
    case "hopper":
      return "insert the lead into the hopper";
    case "dnc":
      return "add the phone number to the DNC list";
    case "revenue":
      return `add ${action.amount} to the revenue`;
    case "email":
      return `send an e-mail to ${action.to}`;
    case "sms":
      return "send an SMS";
    case "voice_broadcast":
      return "send a voice broadcast";
    case "ringless_voicemail":
      return "leave a ringless voicemail";
  }
}

function sayField(action: Extract<Action, { type: "field" }>, names: WorkflowNames): string {
  const field = names.field("lead", action.field);
  if (action.now === true) return `set ${field} to now`;
  if (action.from !== undefined) return `copy ${action.from} to ${field}`;
  if (action.add !== undefined) return `add ${action.add} to ${field}`;
  if (action.subtract !== undefined) return `take ${action.subtract} from ${field}`;
  if (action.multiply !== undefined) return `multiply ${field} by ${action.multiply}`;
  if (action.divide !== undefined) return `divide ${field} by ${action.divide}`;
  return action.set === undefined || action.set === null || action.set === ""
    ? `empty ${field}`
    : `set ${field} to ${String(action.set)}`;
}

function sayDelay(delay: Delay, names: WorkflowNames): string {
  if (delay === "none") return "";
  if (typeof delay === "string") return `after ${sayDuration(delay)}`;
  if ("after_last_called" in delay) return `${sayDuration(delay.after_last_called)} after the last call`;
  const field = names.field("lead", delay.field);
  if (/^-?0s$/.test(delay.offset)) return `at ${field}`;
  return delay.offset.startsWith("-")
    ? `${sayDuration(delay.offset)} before ${field}`
    : `${sayDuration(delay.offset)} after ${field}`;
}

function sayRelation({ relation }: WorkflowSettings, names: WorkflowNames): string {
  if (relation.of === "all") return "";
  const shown = relation.of.slice(0, 3).map((id) => names.related(relation.kind, id));
  const more = relation.of.length - shown.length;
  return ` in ${shown.join(" or ")}${more > 0 ? ` or ${more} more` : ""}`;
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
