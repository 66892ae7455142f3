import { Popover, SegmentedControl, Select, Switch } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fieldsQuery } from "../ui/fields.ts";
import type { CellsProps } from "./row-props.ts";
import type { EditorRow } from "./rows.ts";

type StaticEditorRow = Extract<EditorRow, { field: null }>;
const types = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "Boolean" },
];
type Type = StaticEditorRow["row"]["type"];

/** All about a static pair but its name and value. */
export function StaticFormat({
  id,
  row,
  secret,
  dispatch,
  readOnly,
}: {
  id: string;
  row: StaticEditorRow["row"];
  secret: boolean;
} & Pick<CellsProps<StaticEditorRow>, "dispatch" | "readOnly">) {
  const [open, setOpen] = useState(false);
  const set = (patch: Partial<typeof row>) => dispatch({ do: "row", id, row: { ...row, ...patch } });
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={320} offset={6} trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className="kind"
          disabled={readOnly}
          onClick={() => setOpen((is) => !is)}
          aria-label={`Static pair ${row.to}: ${typeWord(row)}, type and more`}
        >
          <span className="trunc">{typeWord(row)}</span>
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <PlaceInserter insert={(place) => set({ value: row.value + place })} />
        <hr className="hr" />
        <div className="fpart">
          <b>Type, JSON only</b>
          <SegmentedControl
            size="xs"
            fullWidth
            data={types}
            value={row.type}
            aria-label="Type, JSON only"
            onChange={(type) => set({ type: type as Type })}
          />
        </div>
        <hr className="hr" />
        <div className="fpart stack" style={{ gap: 10 }}>
          <Switch
            label="Secret"
            description="Sealed when saved, shown as dots ever after"
            checked={secret}
            onChange={(event) => set({ secret: event.currentTarget.checked })}
          />
          <Switch
            label="Required"
            description="An empty value stops the delivery"
            checked={row.required}
            onChange={(event) => set({ required: event.currentTarget.checked })}
          />
        </div>
        <hr className="hr" />
        <div style={{ padding: 4 }}>
          <button
            type="button"
            className="kind"
            style={{ color: "var(--pb-failed)" }}
            onClick={() => dispatch({ do: "remove", id })}
          >
            Remove this pair
          </button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

const typeWord = ({ type, required }: StaticEditorRow["row"]): string =>
  (types.find(({ value }) => value === type)?.label ?? "Text") + (required ? ", required" : "");

/** A static value may hold places; they are found by the field's name. */
function PlaceInserter({ insert }: { insert: (place: string) => void }) {
  const { data } = useQuery(fieldsQuery);
  const items = data?.items ?? [];
  const group = (section: string, words: string) => ({
    group: words,
    items: items
      .filter((field) => field.section === section)
      .map((field) => ({ value: `{${section}.${field.name}}`, label: `${field.label} (${field.name})` })),
  });
  return (
    <div className="fpart">
      <Select
        size="xs"
        label="Put a field into the value"
        placeholder="First Name, status…"
        description="{lead.alt_phone_1|lead.phone_number} takes the first that isn’t empty"
        searchable
        openOnFocus={false}
        value={null}
        data={[group("lead", "Lead fields"), group("call", "Call log info"), group("extra", "Extra fields")]}
        comboboxProps={{ withinPortal: false }}
        nothingFoundMessage="No field has this name"
        onChange={(place) => place && insert(place)}
      />
    </div>
  );
}
