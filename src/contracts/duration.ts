import { z } from "zod";

const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;

/** A length of time as a person writes it: `8d`, `2d4h30m`, `45s`, `0s`. Days are 24 hours. */
export const Duration = z
  .string()
  .regex(/^(?=\d)(\d{1,6}d)?(\d{1,6}h)?(\d{1,6}m)?(\d{1,8}s)?$/, "write a length of time such as 30s, 10m, 4h or 8d");
export type Duration = z.infer<typeof Duration>;

/** Milliseconds of a Duration. */
export function durationMs(duration: Duration): number {
  let total = 0;
  for (const [, count, unit] of duration.matchAll(/(\d+)([dhms])/g))
    total += Number(count) * unitMs[unit as keyof typeof unitMs];
  return total;
}
