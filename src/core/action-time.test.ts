import { expect, test } from "vitest";
import type { FieldValues } from "../contracts/fields.ts";
import type { Delay } from "../contracts/workflow.ts";
import { actionTime } from "./action-time.ts";

const zone = "America/Los_Angeles"; // clocks: forward 2024-03-10 02:00, back 2024-11-03 02:00
const lead: FieldValues = { last_called: "2024-03-14T20:00:00Z", start_date: "2024-06-01", state: "CA" };

test.each<[string, Delay, string, string, string]>([
  ["no delay: at once", "none", "24hr", "2024-03-15T21:30:00Z", "2024-03-15T21:30:00Z"],
  ["a delay by the clock", "2h30m", "24hr", "2024-03-15T21:30:00Z", "2024-03-16T00:00:00Z"],
  ["a day keeps its time of day when clocks go forward", "1d", "24hr", "2024-03-09T20:00:00Z", "2024-03-10T19:00:00Z"],
  ["24 hours do not", "24h", "24hr", "2024-03-09T20:00:00Z", "2024-03-10T20:00:00Z"],
  ["a day keeps its time of day when clocks go back", "1d", "24hr", "2024-11-02T19:00:00Z", "2024-11-03T20:00:00Z"],
  ["counted from the last call", { after_last_called: "1h" }, "24hr", "2024-03-15T21:30:00Z", "2024-03-14T21:00:00Z"],
  [
    "counted back from a date field",
    { field: "start_date", offset: "-1d" },
    "24hr",
    "2024-03-15T21:30:00Z",
    "2024-05-31T07:00:00Z",
  ],
  ["outside the window: at its next opening", "none", "9-5", "2024-03-16T02:00:00Z", "2024-03-16T16:00:00Z"],
  ["the delay first, then the window", "1d", "9-5", "2024-03-15T03:00:00Z", "2024-03-16T16:00:00Z"],
])("%s", (_name, delay, window, at, due) => {
  const time = actionTime({ delay, window }, { at: Temporal.Instant.from(at), lead }, zone);
  expect(time.kind === "at" ? time.at.toString() : time.because).toBe(due);
});

test("a field without a date is no time, and says which", () => {
  expect(
    actionTime({ delay: { field: "state", offset: "1d" }, window: "24hr" }, { at: Temporal.Now.instant(), lead }, zone),
  ).toEqual({ kind: "never", because: "state holds no date to count from" });
});
