import type { ProblemPlace } from "../contracts/problem.ts";
import type { Condition, Schedule, WorkflowSettings } from "../contracts/workflow.ts";
import { checkAction } from "./check-action.ts";
import { checkCondition } from "./check-condition.ts";
import type { CheckContext, Report, WorkflowWorld } from "./check-context.ts";
import { fieldIndex } from "./field-index.ts";
import { warnOfWorkflow } from "./warn-of-workflow.ts";

export type CheckedWorkflow =
  | {
      readonly ok: true;
      /** Fields by their permanent keys. Checked again, they come out the same. */
      readonly settings: WorkflowSettings;
      readonly warnings: readonly ProblemPlace[];
    }
  | { readonly ok: false; readonly problems: readonly ProblemPlace[] };

/** Whether a workflow can be saved: everything it names is there, and every operator has the operands it needs. */
export function checkWorkflow(input: WorkflowSettings, world: WorkflowWorld): CheckedWorkflow {
  const problems: ProblemPlace[] = [];
  const report: Report = (path, message) => void problems.push({ path, message });
  const context = { world, fieldOf: fieldIndex(world.customFields), report };
  const settings: WorkflowSettings = {
    ...input,
    events: checkConditions(input.events, "events", context),
    stop_if:
      typeof input.stop_if === "string"
        ? input.stop_if
        : { filter: checkConditions(input.stop_if.filter, "stop_if.filter", context) },
    action_sets: input.action_sets.map((set, index) => {
      const path = `action_sets[${index}]`;
      return {
        ...set,
        delay: checkDelay(set.delay, `${path}.delay`, context),
        actions: set.actions.map((action, at) => checkAction(action, `${path}.actions[${at}]`, context)),
      };
    }),
  };
  checkRelation(input, context);
  checkSchedule(input.schedule, report);
  input.action_sets.forEach((set, index) => checkClock(set.window, `action_sets[${index}].window`, report));
  if (input.active && !input.events.some((event) => event.active))
    report("events", "Switch an event on: without one it never fires. Or switch the workflow off");
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, settings, warnings: warnOfWorkflow(settings, world) };
}

function checkConditions(conditions: readonly Condition[], path: string, context: CheckContext): Condition[] {
  return conditions.map((condition, index) => {
    const here = `${path}[${index}]`;
    if (condition.type !== "any_of") return checkCondition(condition, here, context);
    const events = condition.events.map((member, at) => checkCondition(member, `${here}.events[${at}]`, context));
    return { ...condition, events };
  });
}

function checkRelation({ relation }: WorkflowSettings, { world, report }: CheckContext): void {
  if (relation.of === "all") return;
  relation.of.forEach((id, index) => {
    if (!world.exists(relation.kind, id))
      report(`relation.of[${index}]`, `There is no ${relation.kind.replace("_", " ")} ${id}`);
  });
}

function checkDelay(
  delay: WorkflowSettings["action_sets"][number]["delay"],
  path: string,
  { fieldOf, report }: CheckContext,
): typeof delay {
  if (typeof delay === "string" || !("field" in delay)) return delay;
  const field = fieldOf("lead", delay.field);
  if (field === undefined) report(`${path}.field`, `"${delay.field}" is no lead field`);
  else if (field.kind !== "date" && field.kind !== "datetime")
    report(`${path}.field`, `${field.label} holds no date. Choose a date field to count from`);
  return { ...delay, field: field?.key ?? delay.field };
}

function checkSchedule(schedule: Schedule, report: Report): void {
  if (schedule === "always") return;
  schedule.days.forEach((entry, index) => checkClock(entry.hours, `schedule.days[${index}].hours`, report));
}

/** 24:00 ends a day; nothing begins or ends later. */
function checkClock(hours: string, path: string, report: Report): void {
  if (/^24|24:(?!00)/.test(hours) && hours !== "24hr")
    report(path, "A day ends at 24:00. Write hours such as 9-17, 8:30-20:00 or 24hr");
}
