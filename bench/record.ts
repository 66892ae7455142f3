import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";

/** Writes figures beside the machine they are from, and shows them. */
export function record(name: string, figures: Readonly<Record<string, unknown>>): void {
  const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? "?"}, Node ${process.version}`;
  const result = { date: new Date().toISOString().slice(0, 10), machine, ...figures };
  const text = `${JSON.stringify(result, null, 2)}\n`;
  writeFileSync(new URL(`results/${name}.json`, import.meta.url), text);
  process.stdout.write(text);
}

/** The middle one, in milliseconds with two decimals. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 100) / 100;
}
