import { Popover, Radio, SegmentedControl, Select, Switch } from "@mantine/core";
import { IconCalendar, IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import type { FieldRow } from "../../../src/contracts/adaptor.ts";
import type { FieldInfo } from "../ui/fields.ts";
import { datePatternNames } from "../ui/php-date.ts";
import { DateFormat } from "./date-format.tsx";
import { ThisLead } from "./this-lead.tsx";
import { spokenLabel } from "./rows.ts";
import type { Dispatch } from "./use-editor.ts";
import { ValueMap } from "./value-map.tsx";

/** The last cell of a row: type or format in a word, everything about it in a popover. */
export function RowFormat({
  id,
  field,
  row,
  dispatch,
  readOnly,
}: {
  id: string;
  field: FieldInfo;
  row: FieldRow;
  dispatch: Dispatch;
  readOnly: boolean;
}) {
  const [open, setOpen] = useState(false);
  const isDate = field.kind === "date" || field.kind === "datetime";
  const words = formatWords(field, row);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={348} offset={6} trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className="kind"
          disabled={readOnly}
          onClick={() => setOpen((is) => !is)}
          aria-label={`${spokenLabel(field)}: ${words}, type or format`}
        >
          {isDate && <IconCalendar size={14} aria-hidden />}
          <span className={isDate && row.date_format && !row.required ? "trunc mono" : "trunc"}>{words}</span>
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        {open && <FormatParts id={id} field={field} row={row} dispatch={dispatch} isDate={isDate} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function FormatParts({
  id,
  field,
  row,
  dispatch,
  isDate,
}: {
  id: string;
  field: FieldInfo;
  row: FieldRow;
  dispatch: Dispatch;
  isDate: boolean;
}) {
  const set = (patch: Partial<FieldRow>) => dispatch({ do: "row", id, row: { ...row, ...patch } });
  const setFormat = (format: FieldRow["format"] | null) => {
    const { format: _, ...rest } = row;
    dispatch({ do: "row", id, row: format ? { ...rest, format } : rest });
  };
  return (
    <>
      {isDate && (
        <DateFormat id={id} field={field} pattern={row.date_format} set={(date_format) => set({ date_format })} />
      )}
      {field.kind === "phone" && <PhoneFormat id={id} format={row.format} set={setFormat} />}
      {(field.kind === "text" || field.kind === "email" || field.kind === "boolean") && (
        <TextFormat id={id} format={row.format} set={setFormat} />
      )}
      {field.kind !== "number" && <hr className="hr" />}
      <div className="fpart">
        <b>Type, JSON only</b>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label="Type, JSON only"
          data={types}
          value={row.type}
          onChange={(type) => set({ type: type as FieldRow["type"] })}
        />
      </div>
      <hr className="hr" />
      {(!isDate || row.value_map.length > 0) && (
        <>
          <ValueMap field={field} pairs={row.value_map} set={(value_map) => set({ value_map })} />
          <hr className="hr" />
        </>
      )}
      <div className="fpart">
        <Switch
          label="Required"
          description="Empty and without a default, it stops the delivery"
          checked={row.required}
          onChange={(event) => set({ required: event.currentTarget.checked })}
        />
      </div>
    </>
  );
}

const types = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "Boolean" },
];

const phones = [
  { value: "digits", label: "Digits", example: "3105550142" },
  { value: "e164", label: "E.164", example: "+13105550142" },
  { value: "national", label: "With brackets", example: "(310) 555-0142" },
  { value: "dashed", label: "With dashes", example: "310-555-0142" },
] as const;

type SetFormat = (format: FieldRow["format"] | null) => void;

function PhoneFormat({ id, format, set }: { id: string; format: FieldRow["format"]; set: SetFormat }) {
  return (
    <div className="fpart">
      <Radio.Group
        aria-label="Phone format"
        value={format ?? "digits"}
        onChange={(value) => set(value === "digits" ? null : value)}
      >
        <div className="stack" style={{ gap: 8 }}>
          {phones.map(({ value, label, example }) => (
            <Radio
              key={value}
              size="xs"
              value={value}
              label={
                <>
                  {label} <span className="dim num">{example}</span>
                </>
              }
            />
          ))}
        </div>
      </Radio.Group>
      <ThisLead id={id} />
    </div>
  );
}

const texts = [
  {
    group: "Letters",
    items: [
      { value: "as_is", label: "As it is" },
      { value: "upper", label: "UPPER CASE" },
      { value: "lower", label: "lower case" },
      { value: "title", label: "Title Case" },
    ],
  },
  {
    group: "Yes or no",
    items: [
      { value: "true_false", label: "true / false" },
      { value: "1_0", label: "1 / 0" },
      { value: "Y_N", label: "Y / N" },
      { value: "yes_no", label: "yes / no" },
    ],
  },
];

function TextFormat({ id, format, set }: { id: string; format: FieldRow["format"]; set: SetFormat }) {
  return (
    <div className="fpart">
      <Select
        size="xs"
        label="Write it"
        data={texts}
        value={format ?? "as_is"}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) => set(value === "as_is" ? null : (value as FieldRow["format"]))}
      />
      <ThisLead id={id} />
    </div>
  );
}

function formatWords(field: FieldInfo, row: FieldRow): string {
  return kindWords(field, row) + (row.required ? ", required" : "");
}

function kindWords({ kind }: FieldInfo, { value_map, type, format, date_format }: FieldRow): string {
  if (value_map.length > 0) return `Values: ${value_map.length}`;
  if (kind === "date" || kind === "datetime") return datePatternNames[date_format] ?? date_format;
  if (type !== "text") return types.find(({ value }) => value === type)!.label;
  const phone = phones.find(({ value }) => value === (format ?? "digits"));
  if (kind === "phone" && phone) return phone.label;
  const written = texts.flatMap(({ items }) => items).find(({ value }) => value === format);
  return written?.label ?? "Text";
}
