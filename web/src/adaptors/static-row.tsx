import { Popover, SegmentedControl, Select, Switch } from "@mantine/core";
import { IconChevronDown, IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { secretMask } from "../../../src/contracts/connect.ts";
import { Unseen } from "../ui/atoms.tsx";
import { fieldsQuery } from "../ui/fields.ts";
import type { CellsProps } from "./row-props.ts";
import { looksSecret, type EditorRow } from "./rows.ts";

type StaticEditorRow = Extract<EditorRow, { field: null }>;

/** A key and a constant value, for what a vendor always wants. */
export function StaticCells({ row: { id, row }, dispatch, bad, remarkId, at, readOnly }: CellsProps<StaticEditorRow>) {
  const set = (patch: Partial<typeof row>) => dispatch({ do: "row", id, row: { ...row, ...patch } });
  const secret = row.secret ?? looksSecret(row.to);
  const kept = secret && row.value.includes(secretMask);
  return (
    <>
      <div className="af">
        <span className="trunc" style={{ fontWeight: 500 }}>
          {at !== null && <span className="dim num">{at + 1} </span>}
          Static pair
          {secret && (
            <>
              <IconLock size={12} className="dim" aria-hidden />
              <Unseen>secret</Unseen>
            </>
          )}
        </span>
        <span className="mono dim trunc">{kept ? "stored, hidden" : "always sent"}</span>
      </div>
      <div className="at">
        <input
          className="cell mono"
          value={row.to}
          placeholder="the vendor's name"
          aria-label="Static pair: mapped to"
          aria-describedby={remarkId}
          data-col="to"
          maxLength={500}
          spellCheck={false}
          autoComplete="off"
          disabled={readOnly}
          onChange={(event) => set({ to: event.currentTarget.value })}
        />
      </div>
      <div className="ad">
        <input
          className="cell"
          value={row.value}
          placeholder="value"
          aria-label={`Static pair ${row.to}: value`}
          aria-describedby={remarkId}
          aria-invalid={bad || undefined}
          data-col="default"
          maxLength={8000}
          spellCheck={false}
          autoComplete="off"
          disabled={readOnly}
          onFocus={(event) => kept && event.currentTarget.select()}
          onChange={(event) => set({ value: event.currentTarget.value })}
        />
      </div>
      <div className="ak">
        <StaticFormat id={id} row={row} secret={secret} dispatch={dispatch} readOnly={readOnly} />
      </div>
    </>
  );
}

const types = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "Boolean" },
];
type Type = StaticEditorRow["row"]["type"];

function StaticFormat({
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
        limit={60}
        value={null}
        data={[group("lead", "Lead fields"), group("call", "Call log info"), group("extra", "Extra fields")]}
        comboboxProps={{ withinPortal: false }}
        nothingFoundMessage="No field has this name"
        onChange={(place) => place && insert(place)}
      />
    </div>
  );
}
