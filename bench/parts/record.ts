import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";

/** As the run began: more than a little of it, and others were using the machine. */
const loadBefore = Math.round(loadavg()[0]! * 100) / 100;

/** Writes figures beside the machine they are from, and shows them. */
export function record(name: string, figures: Readonly<Record<string, unknown>>): void {
  const cpu = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? "?"}`;
  const machine = `${cpu}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}, Node ${process.version}`;
  const result = { date: new Date().toISOString().slice(0, 10), machine, load_before: loadBefore, ...figures };
  const text = `${JSON.stringify(result, null, 2)}\n`;
  writeFileSync(new URL(`../results/${name}.json`, import.meta.url), text);
  process.stdout.write(text);
}

/** The middle one, with two decimals. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value that this share of all does not exceed (0.95), with two decimals. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The middle one of each figure over the rounds. */
export function medians<Name extends string>(rounds: readonly Readonly<Record<Name, number>>[]): Record<Name, number> {
  const names = Object.keys(rounds[0] ?? {}) as Name[];
  return Object.fromEntries(names.map((name) => [name, median(rounds.map((round) => round[name]))])) as Record<
    Name,
    number
  >;
}
