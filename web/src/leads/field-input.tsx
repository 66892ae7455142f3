import { Autocomplete, Select, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { memo } from "react";
import { listsQuery, statusesQuery } from "../ui/dialler.ts";
import type { FieldInfo } from "../ui/fields.ts";

export type FieldInputProps = {
  readonly field: FieldInfo;
  readonly text: string;
  readonly error: string | undefined;
  readonly set: (key: string, text: string) => void;
};

/** One field of a lead, as its kind is typed. Fields that the system keeps are greyed. */
export const FieldInput = memo(function FieldInput({ field, text, error, set }: FieldInputProps) {
  const common = { label: field.label, value: text, error, disabled: field.system };
  const put = (value: string | null) => set(field.key, value ?? "");
  if (field.key === "list_id") return <ListInput {...common} put={put} />;
  if (field.key === "status") return <StatusInput {...common} put={put} />;
  if (field.options.length > 0)
    return <Autocomplete {...common} data={[...field.options]} onChange={put} maxLength={65_536} />;
  if (field.key === "notes" || field.type === "textarea")
    return (
      <Textarea
        {...common}
        autosize
        minRows={2}
        maxRows={8}
        style={{ gridColumn: "1 / -1" }}
        onChange={(event) => put(event.currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...common}
      type={inputType(field)}
      step={field.kind === "datetime" ? 1 : undefined}
      inputMode={field.kind === "number" ? "decimal" : undefined}
      autoComplete="off"
      onChange={(event) => put(event.currentTarget.value)}
    />
  );
});

type Common = { label: string; value: string; error: string | undefined; disabled: boolean };

function ListInput({ put, value, ...common }: Common & { put: (value: string | null) => void }) {
  const { data } = useQuery(listsQuery);
  return (
    <Select
      {...common}
      searchable
      value={value || null}
      data={(data?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
      nothingFoundMessage="No list has this name. Settings, Lists & campaigns adds one"
      onChange={put}
    />
  );
}

function StatusInput({ put, ...common }: Common & { put: (value: string) => void }) {
  const { data } = useQuery(statusesQuery);
  return <Autocomplete {...common} data={(data?.items ?? []).map(({ code }) => code)} maxLength={100} onChange={put} />;
}

function inputType({ kind, system }: FieldInfo): string {
  if (system) return "text";
  if (kind === "phone") return "tel";
  return kind === "email" ? "email" : kind === "date" ? "date" : kind === "datetime" ? "datetime-local" : "text";
}
