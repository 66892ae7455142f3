import { Select, Switch, Textarea, TextInput } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { leadFieldSettings, type LeadField } from "../../../src/contracts/endpoints/dialler.ts";
import type { customFieldTypes } from "../../../src/contracts/fields.ts";
import { call } from "../api.ts";
import { fieldsKey } from "../ui/fields.ts";
import type { Column, FieldsProps } from "./noun-props.ts";
import { Noun } from "./noun.tsx";

const columns: readonly Column<LeadField>[] = [
  { head: "System name", cell: ({ name }) => <span className="mono">{name}</span> },
  { head: "For good", cell: ({ number }) => <span className="mono dim">field_{number}</span>, width: 110 },
  { head: "Type", cell: typeCell, width: 170 },
  { head: "Personal", cell: ({ personal }) => (personal ? "Yes" : <span className="dim">No</span>), width: 90 },
];

type Type = (typeof customFieldTypes)[number];
type Draft = { label: string; name: string; type: Type; options: string; personal: boolean };

const leadFieldsQuery = queryOptions({
  queryKey: ["lead-fields"],
  queryFn: ({ signal }) => call(leadFieldSettings.list, { query: { limit: 1000 } }, signal),
});

/** The account's own fields beside the 46 standard ones. */
export default function LeadFields() {
  return (
    <Noun<LeadField, Draft>
      noun="lead field"
      title="Lead fields"
      intro="Your own fields, beside the standard ones. Each keeps its field_N for good, so that renaming one keeps every mapping."
      found={useQuery(leadFieldsQuery)}
      touches={[leadFieldsQuery.queryKey, fieldsKey, ["adaptor"], ["leads"]]}
      nameOf={({ label }) => label}
      line={({ number, name, type }) => `field_${number} · ${name} · ${typeWords[type]}`}
      columns={columns}
      draftOf={(item) => ({
        label: item?.label ?? "",
        name: item?.name ?? "",
        type: item?.type ?? "text",
        options: item?.options.join("\n") ?? "",
        personal: item?.personal ?? false,
      })}
      partNames={{ name: "System name", options: "Choices" }}
      Fields={Fields}
      save={(item, { type, options, ...rest }) => {
        const body = { ...rest, options: type === "dropdown" ? lines(options) : [] };
        return item
          ? call(leadFieldSettings.update, { params: { id: item.id }, body: { ...body, revision: item.revision } })
          : call(leadFieldSettings.create, { body: { ...body, type } });
      }}
      remove={({ id }) => call(leadFieldSettings.remove, { params: { id } })}
      removeWords="Its values in leads are gone with it. A field that an adaptor or a connect uses stays."
    />
  );
}

const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The types that can be made now; what an imported field may have besides is shown by its name. */
const typeWords: Record<Type, string> = {
  text: "Text",
  textarea: "Long text",
  number: "Number",
  currency: "Currency",
  date: "Date",
  datetime: "Date and time",
  dropdown: "Dropdown",
  api_lookup: "API Lookup",
  api_processing: "API Processing",
};
const makeable: readonly Type[] = ["text", "textarea", "number", "currency", "date", "datetime", "dropdown"];

function typeCell({ type, options }: LeadField): string {
  return typeWords[type] + (type === "dropdown" ? `, ${options.length} choice${options.length === 1 ? "" : "s"}` : "");
}

function Fields({ item, draft, set, places }: FieldsProps<LeadField, Draft>) {
  // until somebody writes the system name, it follows the label
  const follows = item === null && (draft.name === "" || draft.name === systemName(draft.label));
  const types = item && !makeable.includes(item.type) ? [...makeable, item.type] : makeable;
  const choices = Object.entries(places).find(([path]) => path.startsWith("options"))?.[1];
  return (
    <>
      <TextInput
        label="Label"
        data-autofocus
        description="What people read, such as Roof Type."
        value={draft.label}
        error={places["label"]}
        maxLength={200}
        onChange={({ currentTarget: { value } }) =>
          set(follows ? { label: value, name: systemName(value) } : { label: value })
        }
      />
      <TextInput
        label="System name"
        description={
          item
            ? `The API takes it under this name and under field_${item.number}, which stays.`
            : "What the API takes it under. Small letters, digits and _."
        }
        classNames={{ input: "mono" }}
        spellCheck={false}
        value={draft.name}
        error={places["name"]}
        maxLength={63}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Select
        label="Type"
        description={item ? "Stays as it is: leads hold values of it." : undefined}
        disabled={item !== null}
        data={types.map((value) => ({ value, label: typeWords[value] }))}
        value={draft.type}
        error={places["type"]}
        onChange={(type) => type && set({ type })}
      />
      {draft.type === "dropdown" && (
        <Textarea
          label="Choices"
          description="One a line."
          autosize
          minRows={3}
          maxRows={12}
          value={draft.options}
          error={choices}
          onChange={(event) => set({ options: event.currentTarget.value })}
        />
      )}
      <Switch
        label="Personal"
        description="Says something about a person: masked for viewers"
        checked={draft.personal}
        onChange={(event) => set({ personal: event.currentTarget.checked })}
      />
    </>
  );
}

const systemName = (label: string): string =>
  label
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 63);
