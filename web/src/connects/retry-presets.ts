import { defaultRetrySchedule, type Retry } from "../../../src/contracts/connect.ts";
import { durationMs } from "../../../src/contracts/duration.ts";

export type RetryPreset = {
  readonly key: string;
  readonly name: string;
  readonly retry: Retry;
  /** Set together with it: it means nothing without. */
  readonly giveUpAfter?: string;
};

/** Ways to retry that have a name. Each is stored as what it is: its list of waits, the default, or off. */
export const retryPresets: readonly RetryPreset[] = [
  { key: "default", name: "Default", retry: "default" },
  { key: "real_time", name: "Real time", retry: { schedule: ["2s", "5s", "10s", "20s"] }, giveUpAfter: "60s" },
  { key: "quick", name: "Quick", retry: { schedule: ["1s", "5s", "15s", "1m", "5m", "15m", "1h"] } },
  { key: "patient", name: "Patient", retry: { schedule: ["5m", "30m", "2h", "6h", "12h", "24h"] } },
  { key: "off", name: "Off", retry: "off" },
];

/** The waits it stands for, of which the last comes again and again; none: no retries. */
export function waitsOf(retry: Retry): readonly string[] {
  if (retry === "off") return [];
  return retry === "default" ? [...defaultRetrySchedule, "24h"] : retry.schedule;
}

/** The preset that this is, however its waits are written; undefined: an own list. */
export function presetOf(retry: Retry): RetryPreset | undefined {
  return retryPresets.find((preset) => sameWaits(waitsOf(preset.retry), waitsOf(retry)));
}

/** A list as a person types it. */
export const typedWaits = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

export function sameWaits(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((wait, at) => sameWait(wait, other[at] ?? ""));
}

const isDuration = (text: string): boolean => /^(\d+[dhms])+$/.test(text);
const sameWait = (one: string, other: string): boolean =>
  one === other || (isDuration(one) && isDuration(other) && durationMs(one) === durationMs(other));
