import { MultiSelect, TextInput } from "@mantine/core";
import { fieldOf, nameOf, useChoices } from "./choices.ts";
import { compared, ComparisonWords } from "./comparison.tsx";
import { happenings, type ConditionProps as Props } from "./condition-kinds.ts";
import { One, Several } from "./inputs.tsx";
import { Value } from "./value.tsx";
import { anyOf } from "./words.ts";

const sections = { lead: "Lead", call: "Call", extra: "Extra" } as const;

export function FieldWords({ condition, set, fresh }: Props<"field">) {
  const choices = useChoices();
  const field = fieldOf(choices, condition.section, condition.field);
  const at = `${condition.section}.${field?.key ?? condition.field}`;
  const groups = Object.entries(sections).map(([section, group]) => ({
    group,
    items: choices.fields
      .filter((one) => one.section === section)
      .map((one) => ({ value: `${section}.${one.key}`, label: one.label })),
  }));
  const suggestions = field?.options.length
    ? field.options.map((value) => ({ value, label: value }))
    : condition.field === "status"
      ? choices.statuses
      : [];
  return (
    <>
      <Value label="Field" words={field?.label ?? condition.field} fresh={fresh}>
        {(close) => (
          <One
            label="Field"
            value={condition.field === "" ? null : at}
            choices={groups}
            none="There is no field"
            set={(chosen) => {
              const [section = "lead", key = ""] = chosen.split(/\.(.*)/s);
              set({ ...condition, section: section as typeof condition.section, field: key });
              close();
            }}
          />
        )}
      </Value>{" "}
      <ComparisonWords
        label={field?.label ?? "Value"}
        comparison={condition}
        kind={field?.kind ?? "text"}
        suggestions={suggestions}
        set={(comparison) => set(compared(condition, comparison))}
      />
    </>
  );
}

export function SubmittedBy({ condition, set, fresh }: Props<"submitted_by">) {
  const choices = useChoices();
  const kinds = ["users", "tokens", "workflows"] as const;
  const words = kinds.flatMap((kind) => (condition[kind] ?? []).map((id) => nameOf(choices[kind], id)));
  const groups = [
    { group: "Users", items: choices.users.map((one) => ({ ...one, value: `users.${one.value}` })) },
    { group: "API tokens", items: choices.tokens.map((one) => ({ ...one, value: `tokens.${one.value}` })) },
    { group: "Workflows", items: choices.workflows.map((one) => ({ ...one, value: `workflows.${one.value}` })) },
  ];
  return (
    <>
      is{" "}
      <Value label="Submitted By" words={anyOf(words)} fresh={fresh}>
        {() => (
          <MultiSelect
            label="Submitted By"
            data={groups}
            value={kinds.flatMap((kind) => (condition[kind] ?? []).map((id) => `${kind}.${id}`))}
            searchable
            data-autofocus
            maxDropdownHeight={240}
            comboboxProps={{ withinPortal: false }}
            onChange={(list) => {
              const of = (kind: string) =>
                list.filter((one) => one.startsWith(`${kind}.`)).map((one) => Number(one.split(".")[1]));
              const given = kinds.map((kind) => [kind, of(kind)] as const).filter(([, ids]) => ids.length > 0);
              set({ type: "submitted_by", active: condition.active, ...Object.fromEntries(given) });
            }}
          />
        )}
      </Value>
    </>
  );
}

const outcomes = ["accepted", "rejected", "duplicate", "failed"].map((value) => ({ value, label: value }));

export function ConnectOutcome({ condition, set, fresh }: Props<"connect_outcome">) {
  const { connects } = useChoices();
  const id = Number(condition.connect_id);
  return (
    <>
      <Value label="Connect" words={id === 0 ? "" : nameOf(connects, id)} fresh={fresh}>
        {(close) => (
          <One
            label="Connect"
            value={id === 0 ? null : String(id)}
            choices={connects}
            none="There is no connect yet"
            set={(chosen) => {
              set({ ...condition, connect_id: Number(chosen) as typeof condition.connect_id });
              close();
            }}
          />
        )}
      </Value>{" "}
      says{" "}
      <Value label="Outcome" words={anyOf(condition.outcomes)}>
        {() => (
          <Several
            label="Outcome"
            values={condition.outcomes}
            choices={outcomes}
            none=""
            set={(list) => set({ ...condition, outcomes: list as typeof condition.outcomes })}
          />
        )}
      </Value>
    </>
  );
}

export function Happened({ condition, set, fresh }: Props<"happened">) {
  const own = condition.types.filter((type) => type.startsWith("x."));
  const known = condition.types.filter((type) => !type.startsWith("x."));
  const change = (types: string[]) => set({ ...condition, types: types });
  return (
    <>
      is{" "}
      <Value label="What happened" words={anyOf(condition.types.map((type) => sayHappening(type)))} fresh={fresh}>
        {() => (
          <div className="stack">
            <Several
              label="What the dialler tells"
              values={known}
              choices={happenings}
              none=""
              set={(list) => change([...list, ...own])}
            />
            <TextInput
              label="An event of your own"
              description="Its type, beginning with x. Several: with commas."
              placeholder="x.quote_requested"
              classNames={{ input: "mono" }}
              defaultValue={own.join(", ")}
              onBlur={(event) =>
                change([
                  ...known,
                  ...event.currentTarget.value
                    .split(",")
                    .map((type) => type.trim())
                    .filter(Boolean),
                ])
              }
            />
          </div>
        )}
      </Value>
    </>
  );
}

const sayHappening = (type: string): string => {
  const words = happenings.find(({ value }) => value === type)?.label;
  return words ? words[0]!.toLowerCase() + words.slice(1) : type;
};
