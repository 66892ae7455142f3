import type { ConnectSettings } from "../../../src/contracts/connect.ts";

export type RateUnit = "second" | "minute";

/** Vendors name their limits a second or a minute; it is kept a second, never faster than what was typed. */
export function rateOf(count: number, unit: RateUnit): ConnectSettings["rate"] {
  const perSecond = unit === "second" ? count : count / 60;
  return { per_second: Math.floor(perSecond * 10_000 + 1e-6) / 10_000 };
}

/** How many in that time. */
export function countOf({ per_second }: NonNullable<ConnectSettings["rate"]>, unit: RateUnit): number {
  return Math.round(per_second * (unit === "second" ? 1 : 60) * 100) / 100;
}

/** The unit in which it reads best: a second, unless that has no short number. */
export function unitOf(rate: ConnectSettings["rate"]): RateUnit {
  if (rate === null || (rate.per_second >= 1 && countOf(rate, "second") === rate.per_second)) return "second";
  return "minute";
}

export function rateWords(rate: ConnectSettings["rate"]): string {
  if (rate === null) return "no rate limit";
  const unit = unitOf(rate);
  return `${countOf(rate, unit).toLocaleString("en")} a ${unit}`;
}
