import { NumberInput, TextInput } from "@mantine/core";
import type { Action } from "../../../src/contracts/workflow.ts";
import { fieldOf, useChoices } from "./choices.ts";
import { One } from "./inputs.tsx";
import { Pick, Value } from "./value.tsx";

type FieldAction = Extract<Action, { type: "field" }>;
const verbs = [
  { value: "set", words: "set to" },
  { value: "from", words: "copy from" },
  { value: "add", words: "add" },
  { value: "subtract", words: "subtract" },
  { value: "multiply", words: "multiply by" },
  { value: "divide", words: "divide by" },
  { value: "now", words: "set to now" },
] as const;
type Verb = (typeof verbs)[number]["value"];

/** "Monthly Revenue, add 5". Exactly one verb. */
export function FieldActionWords({
  action,
  set,
  fresh,
}: {
  action: FieldAction;
  set: (action: Action) => void;
  fresh: boolean;
}) {
  const choices = useChoices();
  const field = fieldOf(choices, "lead", action.field);
  const verb: Verb = verbs.find(({ value }) => value !== "set" && action[value] !== undefined)?.value ?? "set";
  const bare = Object.fromEntries(
    Object.entries(action).filter(([name]) => !verbs.some(({ value }) => value === name)),
  ) as Omit<FieldAction, Verb>;
  const become = (next: Verb, operand: string | number | boolean | null) => set({ ...bare, [next]: operand });
  const first: Record<Verb, string | number | boolean> = {
    set: "",
    from: "",
    add: 1,
    subtract: 1,
    multiply: 2,
    divide: 2,
    now: true,
  };
  return (
    <>
      <Value label="Field" words={field?.label ?? action.field} fresh={fresh}>
        {(close) => (
          <One
            label="Field"
            value={field?.key ?? null}
            choices={choices.fields
              .filter((one) => one.section === "lead" && !one.system)
              .map((one) => ({ value: one.key, label: one.label }))}
            none="There is no field"
            set={(key) => {
              set({ ...action, field: key });
              close();
            }}
          />
        )}
      </Value>
      , <Pick label="What is done" value={verb} choices={verbs} set={(next) => become(next, first[next])} />{" "}
      {verb === "set" && (
        <Value label="Value" words={String(action.set ?? "") || "empty"}>
          {() => (
            <TextInput
              label="Value"
              description="Empty: the field is emptied."
              data-autofocus
              value={String(action.set ?? "")}
              onChange={(event) => become("set", event.currentTarget.value)}
            />
          )}
        </Value>
      )}
      {verb === "from" && <From value={action.from ?? ""} set={(from) => become("from", from)} />}
      {(verb === "add" || verb === "subtract" || verb === "multiply" || verb === "divide") && (
        <Value label="Number" words={String(action[verb])}>
          {() => (
            <NumberInput
              label="Number"
              hideControls
              data-autofocus
              value={action[verb] ?? ""}
              onChange={(now) => become(verb, Number(now) || 0)}
            />
          )}
        </Value>
      )}
    </>
  );
}

/** A field of the lead by its key, of the call or extra ones with their section before it. */
function From({ value, set }: { value: string; set: (from: string) => void }) {
  const { fields } = useChoices();
  const bare = value.replace(/^lead\./, "");
  const chosen = fields.find((field) => at(field.section, field.key) === bare);
  const groups = [
    ["lead", "Lead"],
    ["call", "Call"],
    ["extra", "Extra"],
  ].map(([section = "", group = ""]) => ({
    group,
    items: fields
      .filter((field) => field.section === section)
      .map((field) => ({ value: at(section, field.key), label: field.label })),
  }));
  return (
    <Value label="Copied field" words={chosen?.label ?? value}>
      {(close) => (
        <One
          label="Copied field"
          value={bare || null}
          choices={groups}
          none="There is no field"
          set={(from) => {
            set(from);
            close();
          }}
        />
      )}
    </Value>
  );
}

const at = (section: string, key: string): string => (section === "lead" ? key : `${section}.${key}`);
