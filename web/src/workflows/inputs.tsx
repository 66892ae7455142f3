import { MultiSelect, NumberInput, Select, TagsInput } from "@mantine/core";
import { useState } from "react";
import type { Choice } from "./choices.ts";

/** Within a popover, lists open inside it: elsewhere a click on them would close it. */
const inside = { withinPortal: false } as const;

/** Codes or values: chosen from those known, or typed. Enter or a comma ends one. */
export function Codes({
  label,
  values,
  choices = [],
  help,
  set,
}: {
  label: string;
  values: readonly string[];
  choices?: readonly Choice[];
  help?: string;
  set: (values: string[]) => void;
}) {
  const words = new Map(choices.map(({ value, label: text }) => [value, text]));
  return (
    <TagsInput
      label={label}
      description={help}
      placeholder={values.length === 0 ? "Choose or type" : ""}
      data={choices.map(({ value }) => value)}
      renderOption={({ option }) => words.get(option.value) ?? option.value}
      value={[...values]}
      acceptValueOnBlur
      data-autofocus
      maxDropdownHeight={220}
      comboboxProps={inside}
      onChange={(now) => set(now.map((value) => value.trim()).filter(Boolean))}
    />
  );
}

/** Several of what exists, by name. */
export function Several({
  label,
  values,
  choices,
  none,
  help,
  set,
}: {
  label: string;
  values: readonly string[];
  choices: readonly Choice[];
  /** What it says when there is nothing to choose from. */
  none: string;
  help?: string;
  set: (values: string[]) => void;
}) {
  return (
    <MultiSelect
      label={label}
      description={help}
      placeholder={values.length === 0 ? "Choose" : ""}
      data={[...choices]}
      value={[...values]}
      searchable
      data-autofocus
      nothingFoundMessage={choices.length === 0 ? none : "Nothing has this name"}
      maxDropdownHeight={220}
      comboboxProps={inside}
      onChange={set}
    />
  );
}

/** One of what exists, by name. */
export function One({
  label,
  value,
  choices,
  none,
  set,
}: {
  label: string;
  value: string | null;
  choices: readonly (Choice | { group: string; items: Choice[] })[];
  none: string;
  set: (value: string) => void;
}) {
  return (
    <Select
      label={label}
      placeholder="Choose"
      data={choices as Choice[]}
      value={value}
      searchable
      data-autofocus
      nothingFoundMessage={choices.length === 0 ? none : "Nothing has this name"}
      maxDropdownHeight={240}
      comboboxProps={inside}
      onChange={(chosen) => chosen !== null && set(chosen)}
    />
  );
}

const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;
type Unit = keyof typeof unitMs;
const unitChoices: Choice[] = [
  { value: "m", label: "minutes" },
  { value: "h", label: "hours" },
  { value: "d", label: "days" },
  { value: "s", label: "seconds" },
];

/** A length of time as a number and its unit; `2d4h` is shown in the largest unit that keeps it whole. */
export function Length({ label, value, set }: { label: string; value: string; set: (value: string) => void }) {
  const [{ count, unit }, setParts] = useState(() => parts(value));
  const change = (to: { count: number | string; unit: Unit }) => {
    setParts(to);
    if (to.count !== "" && Number(to.count) >= 0) set(`${Math.round(Number(to.count))}${to.unit}`);
  };
  return (
    <div style={{ display: "flex", gap: 8, alignItems: "end" }}>
      <NumberInput
        label={label}
        style={{ flex: 1 }}
        min={0}
        max={999_999}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        data-autofocus
        value={count}
        onChange={(now) => change({ count: now, unit })}
      />
      <Select
        aria-label={`${label}: unit`}
        w={112}
        data={unitChoices}
        value={unit}
        comboboxProps={inside}
        onChange={(now) => now && change({ count, unit: now as Unit })}
      />
    </div>
  );
}

function parts(duration: string): { count: number | string; unit: Unit } {
  let total = 0;
  for (const [, count, unit] of duration.matchAll(/(\d+)([dhms])/g)) total += Number(count) * unitMs[unit as Unit];
  if (total === 0) return { count: duration === "" ? "" : 0, unit: "d" };
  const unit = (["d", "h", "m", "s"] as const).find((one) => total % unitMs[one] === 0) ?? "s";
  return { count: total / unitMs[unit], unit };
}
