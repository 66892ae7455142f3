import { Combobox, TextInput, useCombobox } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useEffect, useMemo, useState, type FocusEvent, type KeyboardEvent, type ReactNode } from "react";
import { findZones, offsetWords, zoneNamed, type ShownZone } from "./find-zones.ts";

/** Where the browser is; empty where it says nothing known, so that a person chooses. */
export const browserZone = (): string => zoneNamed(Intl.DateTimeFormat().resolvedOptions().timeZone) ?? "";

/**
 * A time zone, found by whatever people call it; only a zone can be chosen. Opened, it is empty and shows the one that is
 * set, so that one types at once. While what is typed is no zone the value is empty, which nothing saves; Escape brings the
 * old one back.
 */
export function TimeZoneSelect({
  label,
  value,
  onChange,
  error,
  description,
  disabled = false,
}: {
  label: string;
  value: string;
  onChange: (zone: string) => void;
  error?: ReactNode;
  description?: ReactNode;
  disabled?: boolean;
}) {
  const [typed, setTyped] = useState("");
  /** What is typed is shown, and not the zone that is set. */
  const [editing, setEditing] = useState(false);
  /** The one to go back to. */
  const [before, setBefore] = useState(value);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const opened = combobox.dropdownOpened;
  const found = useMemo(() => (opened ? findZones(typed) : []), [opened, typed]);

  const choose = (zone: string) => {
    onChange(zone);
    setBefore(zone);
    setTyped("");
    setEditing(false);
    combobox.closeDropdown();
  };
  const open = () => {
    if (value !== "") {
      setBefore(value);
      setTyped("");
    }
    setEditing(true);
    combobox.openDropdown();
  };
  const type = (shown: string) => {
    // typed behind a zone that was chosen just now: it takes its place
    const text = !editing && value !== "" && shown.startsWith(value) ? shown.slice(value.length) : shown;
    if (value !== "") setBefore(value);
    setEditing(true);
    setTyped(text);
    onChange(text.trim() === "" ? value || before : "");
    combobox.openDropdown();
  };
  // of the list as it stands after the typing
  const { selectFirstOption, resetSelectedOption, updateSelectedOptionIndex } = combobox;
  useEffect(() => {
    if (!opened) return;
    resetSelectedOption();
    if (typed.trim() === "") updateSelectedOptionIndex("active", { scrollIntoView: true });
    else selectFirstOption();
  }, [opened, typed, selectFirstOption, resetSelectedOption, updateSelectedOptionIndex]);
  const leave = (event: FocusEvent<HTMLInputElement>) => {
    setEditing(false);
    combobox.closeDropdown();
    const text = event.currentTarget.value.trim();
    if (!editing) return;
    if (text === "") return setTyped("");
    const only = findZones(text);
    // CET is the name of one, and the time of forty
    const whole = /\/|^utc$/i.test(text) ? zoneNamed(text) : null;
    const meant = whole ?? (only.length === 1 ? only[0]!.zone : null);
    return meant === null ? undefined : choose(meant);
  };
  const keys = (event: KeyboardEvent) => {
    const first = found[0];
    if (event.key === "Enter" && first && typed.trim() !== "" && combobox.getSelectedOptionIndex() < 0) {
      event.preventDefault();
      return choose(first.zone);
    }
    if (event.key !== "Escape" || (!opened && typed === "")) return;
    event.stopPropagation();
    setTyped("");
    setEditing(false);
    onChange(before);
    return combobox.closeDropdown();
  };
  const unknown = !editing && value === "" && typed !== "";
  return (
    <Combobox store={combobox} onOptionSubmit={choose} disabled={disabled} width="target">
      <Combobox.Target withExpandedAttribute>
        {/* the combobox above adds aria-controls and aria-expanded */}
        {/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/role-has-required-aria-props */}
        <TextInput
          role="combobox"
          label={label}
          description={description}
          error={unknown ? unknownWords(typed) : error}
          disabled={disabled}
          autoComplete="off"
          spellCheck={false}
          placeholder={before || "City, country, EST, UTC−5 …"}
          rightSection={<IconChevronDown size={15} className="dim" aria-hidden />}
          rightSectionPointerEvents="none"
          value={editing || value === "" ? typed : value}
          onFocus={open}
          onClick={open}
          onBlur={leave}
          onKeyDown={keys}
          onChange={(event) => type(event.currentTarget.value)}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={300} style={{ overflowY: "auto" }} aria-label={label}>
          {found.map((zone) => (
            <Combobox.Option key={zone.zone} value={zone.zone} active={zone.zone === before} className="zone">
              <Zone zone={zone} />
            </Combobox.Option>
          ))}
          {found.length === 0 && (
            <Combobox.Empty>No zone is found. Try its largest city, its country, or UTC−5.</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Zone({ zone: { zone, city, country, offset } }: { zone: ShownZone }) {
  return (
    <>
      <span style={{ minWidth: 0 }}>
        <span className="trunc zonecity">
          {city}
          {country && <span className="dim"> {country}</span>}
        </span>
        <span className="mono dim trunc zonename">{zone}</span>
      </span>
      <span className="num zonetime">
        {timeAt(offset)}
        <span className="dim">{offsetWords(offset)}</span>
      </span>
    </>
  );
}

/** "14:05" of now, so many minutes ahead of UTC. */
const timeAt = (offset: number): string => new Date(Date.now() + offset * 60_000).toISOString().slice(11, 16);

function unknownWords(typed: string): string {
  const many = findZones(typed).length;
  return many === 0
    ? `No time zone is called ${typed.trim()}. Choose one from the list`
    : `${typed.trim()} may be any of ${many} time zones. Choose one from the list`;
}
