import { z } from "zod";
import { changesOf } from "../contracts/endpoint.ts";
import {
  Action,
  ActionSet,
  Hours,
  relationKinds,
  SimpleCondition,
  weekdays,
  WorkflowSettings,
  Zone,
} from "../contracts/workflow.ts";

// A workflow in the configuration file (spec 10, Workflow keys): the contract's shapes, where connects, lists, people and
// what a relation is about go by name, and hours are written as people write them.

const Name = z.string().min(1).max(320);
const names = z.array(Name).max(500);

/** `mon`, `mon-fri`, `sat-mon`. */
const dayRange = new RegExp(`^(${weekdays.join("|")})(-(${weekdays.join("|")}))?$`);
const Days = z.array(z.string().regex(dayRange, "write days such as mon, sat or mon-fri")).min(1).max(7);
const FileSchedule = z.union([
  z.enum(["always", "off"]),
  z.literal(false),
  z.strictObject({ zone: Zone.optional(), days: Days, hours: Hours }),
  z.strictObject({
    zone: Zone.optional(),
    days: z
      .array(z.strictObject({ days: Days, hours: Hours }))
      .min(1)
      .max(14),
  }),
]);

const of = z.union([z.literal("all"), names.min(1, "choose at least one")]).optional();
const FileRelation = z
  .strictObject(
    Object.fromEntries(relationKinds.map((kind) => [kind, of])) as Record<(typeof relationKinds)[number], typeof of>,
  ) // prettier-ignore
  .refine(
    (relation) => Object.values(relation).filter((value) => value !== undefined).length === 1,
    `name one of ${relationKinds.join(", ")}`,
  );

type Option = z.ZodObject;

/** The option of a union in the file's words. Its `type` stays, so that the union stays discriminated by it. */
function inWords(option: Option): Option {
  const { shape } = option;
  if ("connect_id" in shape) {
    const nullable = shape["connect_id"] instanceof z.ZodDefault;
    return option.omit({ connect_id: true }).extend({ connect: nullable ? Name.nullable().optional() : Name });
  }
  if ("list_id" in shape) return option.omit({ list_id: true }).extend({ list: Name });
  if ("workflows" in shape) return option.extend({ users: names.optional(), tokens: names.optional(), workflows: names.optional() }); // prettier-ignore
  return option;
}

type Options = [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]];
const simple = (SimpleCondition.options as readonly Option[]).map(inWords);
const active = { active: z.boolean().optional() };
const FileSimple = z.discriminatedUnion("type", simple as unknown as Options);
const FileCondition = z.discriminatedUnion("type", [
  ...simple,
  z.strictObject({ type: z.literal("any_of"), events: z.array(FileSimple).min(1).max(50), ...active }),
] as unknown as Options);
const FileAction = z.discriminatedUnion("type", (Action.options as unknown as readonly Option[]).map(inWords) as unknown as Options); // prettier-ignore

/** What it does not name stays as it is; a new one needs its events and action_sets. */
export const FileWorkflow = z.strictObject({
  ...changesOf(WorkflowSettings).shape,
  name: WorkflowSettings.shape.name,
  relation: FileRelation.optional(),
  schedule: FileSchedule.optional(),
  stop_if: z
    .union([z.enum(["never", "reached", "final"]), z.strictObject({ filter: z.array(FileCondition).min(1).max(50) })])
    .optional(),
  events: z.array(FileCondition).min(1, "add an event: without one it never fires").max(50).optional(),
  action_sets: z
    .array(ActionSet.extend({ actions: z.array(FileAction).min(1, "add an action").max(50) }))
    .min(1, "add what is done")
    .max(20)
    .optional(),
});
export type FileWorkflow = z.output<typeof FileWorkflow>;
