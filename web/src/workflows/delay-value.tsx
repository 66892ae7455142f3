import { Radio, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { namedWindows, type ActionSet, type Delay, type Schedule } from "../../../src/contracts/workflow.ts";
import { clockOf } from "../../../src/contracts/time-words.ts";
import { useSession } from "../ui/session.ts";
import { fieldOf, useChoices } from "./choices.ts";
import { Length } from "./inputs.tsx";
import { Pick, Value } from "./value.tsx";
import { hoursByDay, sayDelay, sayWindow, scheduleOf, zoneOf } from "./words.ts";

type DelayKind = "none" | "after" | "called" | "field";
const kinds: readonly (readonly [DelayKind, string])[] = [
  ["none", "At once"],
  ["after", "Some time after the event"],
  ["called", "Some time after the lead was last called"],
  ["field", "Around a date of the lead"],
];

/** When a set's actions are due. */
export function DelayValue({ delay, set }: { delay: Delay; set: (delay: Delay) => void }) {
  const choices = useChoices();
  const label = (key: string) => fieldOf(choices, "lead", key)?.label ?? key;
  const kind: DelayKind =
    delay === "none" ? "none" : typeof delay === "string" ? "after" : "field" in delay ? "field" : "called";
  const first: Record<DelayKind, Delay> = {
    none: "none",
    after: "1d",
    called: { after_last_called: "1d" },
    field: { field: "start_date", offset: "0s" },
  };
  return (
    <Value label="When" words={sayDelay(delay, label)}>
      {() => (
        <div className="stack" style={{ gap: 12 }}>
          <Radio.Group
            aria-label="When"
            value={kind}
            onChange={(to) => {
              if (to !== kind) set(first[to as DelayKind]);
            }}
          >
            <div className="radios">
              {kinds.map(([value, words]) => (
                <Radio key={value} size="xs" value={value} label={words} />
              ))}
            </div>
          </Radio.Group>
          {kind === "after" && <Length label="How long" value={delay as string} set={set} />}
          {typeof delay === "object" && "after_last_called" in delay && (
            <Length
              label="How long"
              value={delay.after_last_called}
              set={(length) => set({ after_last_called: length })}
            />
          )}
          {typeof delay === "object" && "field" in delay && <Around delay={delay} set={set} />}
        </div>
      )}
    </Value>
  );
}

function Around({ delay, set }: { delay: { field: string; offset: string }; set: (delay: Delay) => void }) {
  const { fields } = useChoices();
  const before = delay.offset.startsWith("-");
  const length = before ? delay.offset.slice(1) : delay.offset;
  return (
    <>
      <Length
        label="How long"
        value={length}
        set={(now) => set({ ...delay, offset: before && !now.startsWith("0") ? `-${now}` : now })}
      />
      <Radio.Group
        aria-label="Before or after"
        value={before ? "before" : "after"}
        onChange={(side) => set({ ...delay, offset: side === "before" ? `-${length}` : length })}
      >
        <div className="radios row">
          <Radio size="xs" value="before" label="before" />
          <Radio size="xs" value="after" label="after" />
        </div>
      </Radio.Group>
      <Select
        label="Date"
        data={fields
          .filter(({ section, kind }) => section === "lead" && (kind === "date" || kind === "datetime"))
          .map((field) => ({ value: field.key, label: field.label }))}
        value={delay.field}
        searchable
        comboboxProps={{ withinPortal: false }}
        onChange={(field) => field && set({ ...delay, field })}
      />
    </>
  );
}

const windowChoices = [
  ...Object.keys(namedWindows).map((value) => ({ value, label: sayNamed(value) })),
  { value: "custom", label: "Hours of your own" },
];

const hours = (from: string, to: string): string => [from, to].map((clock) => clock.replace(/^0(?=\d)/, "")).join("-");
/** As a time input wants it. */
const padded = (clock: string): string => clock.padStart(5, "0");

function sayNamed(window: string): string {
  const ends = clockOf(window);
  return ends ? ends.join("–") : "At any time";
}

/** Within which hours a set's actions may be carried out; outside they wait. */
export function WindowValue({ window, set }: { window: ActionSet["window"]; set: (window: string) => void }) {
  const [own, setOwn] = useState(!(window in namedWindows));
  const words = sayWindow(window);
  const [from = "9:00", to = "17:00"] = clockOf(window) ?? [];
  return (
    <Value label="Window" words={words === null ? "at any time" : `between ${words}`}>
      {() => (
        <div className="stack" style={{ gap: 12 }}>
          <Select
            label="Window"
            description="Outside it, what is due waits until it opens."
            data={windowChoices}
            value={own ? "custom" : window}
            data-autofocus
            maxDropdownHeight={280}
            comboboxProps={{ withinPortal: false }}
            onChange={(chosen) => {
              setOwn(chosen === "custom");
              // written with minutes, so that 5:00-9:00 is not taken for the named 5-9, which is 17:00–21:00
              if (chosen) set(chosen === "custom" ? hours(from, to) : chosen);
            }}
          />
          {own && (
            <div className="two" style={{ gap: 8, gridTemplateColumns: "1fr 1fr" }}>
              <TextInput
                label="From"
                type="time"
                value={padded(from)}
                onChange={(event) => event.currentTarget.value && set(hours(event.currentTarget.value, to))}
              />
              <TextInput
                label="To"
                type="time"
                value={padded(to)}
                onChange={(event) => event.currentTarget.value && set(hours(from, event.currentTarget.value))}
              />
            </div>
          )}
        </div>
      )}
    </Value>
  );
}

/** In whose time the schedule and every window are read. */
export function ZoneValue({ schedule, set }: { schedule: Schedule; set: (schedule: Schedule) => void }) {
  const { account } = useSession();
  return (
    <Pick
      label="Time"
      value={zoneOf(schedule)}
      choices={[
        { value: "account", words: "the account’s time", note: account.time_zone },
        { value: "lead", words: "the lead’s own time", note: "From Locale GMT, else from state and area code" },
      ]}
      set={(zone) => set(scheduleOf(zone, hoursByDay(schedule)))}
    />
  );
}
