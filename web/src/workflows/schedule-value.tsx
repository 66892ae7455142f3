import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";
import { Hours, weekdays, type Schedule, type Weekday } from "../../../src/contracts/workflow.ts";
import { Value } from "./value.tsx";
import { dayNames, hoursByDay, saySchedule, scheduleOf, zoneOf } from "./words.ts";

type ByDay = Record<Weekday, string>;
const everyDay = (hours: string, days: readonly Weekday[] = weekdays): ByDay =>
  Object.fromEntries(weekdays.map((day) => [day, days.includes(day) ? hours : ""])) as ByDay;

const presets: readonly (readonly [string, ByDay])[] = [
  ["Always", everyDay("24hr")],
  ["Mon–Fri 9–17", everyDay("9-17", ["mon", "tue", "wed", "thu", "fri"])],
  ["Every day 8–21", everyDay("8-21")],
];

/** Working hours by weekday. */
export function ScheduleValue({ schedule, set }: { schedule: Schedule; set: (schedule: Schedule) => void }) {
  return (
    <Value label="Schedule" words={saySchedule(schedule)} width={340}>
      {() => <Days schedule={schedule} set={set} />}
    </Value>
  );
}

function Days({ schedule, set }: { schedule: Schedule; set: (schedule: Schedule) => void }) {
  const [typed, setTyped] = useState(() => hoursByDay(schedule));
  const change = (days: ByDay) => {
    setTyped(days);
    // half-typed hours stay here until they can be read
    if (weekdays.every((day) => readable(days[day]))) set(scheduleOf(zoneOf(schedule), days));
  };
  return (
    <div>
      <div className="wpresets">
        {presets.map(([words, days]) => (
          <Button key={words} size="xs" variant="default" onClick={() => change(days)}>
            {words}
          </Button>
        ))}
      </div>
      <div className="wdays">
        {weekdays.map((day) => (
          <div key={day}>
            <Checkbox
              label={dayNames[day]}
              checked={typed[day] !== ""}
              onChange={(event) => change({ ...typed, [day]: event.currentTarget.checked ? "9-17" : "" })}
            />
            <TextInput
              size="xs"
              aria-label={`${dayNames[day]}: hours`}
              placeholder="closed"
              classNames={{ input: "num" }}
              value={typed[day]}
              error={!readable(typed[day])}
              onChange={(event) => change({ ...typed, [day]: event.currentTarget.value })}
            />
          </div>
        ))}
      </div>
      <p className="dim wdayhelp">Hours such as 9-17, 8:30-20:00 or 24hr; two openings with a comma: 9-12, 13-17.</p>
    </div>
  );
}

const readable = (hours: string): boolean =>
  hours === "" || hours.split(",").every((part) => Hours.safeParse(part.trim()).success);
