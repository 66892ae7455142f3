import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { limits } from "../contracts/limits.ts";

/** As the table writes it: `1 MiB`, `64 KiB`, `200 bytes`, `1,000`. */
function figure(name: string, value: number): string {
  if (!/Bytes|Chars/.test(name)) return value.toLocaleString("en-US");
  if (value % 1_048_576 === 0) return `${value / 1_048_576} MiB`;
  return value % 1_024 === 0 ? `${value / 1_024} KiB` : `${value} bytes`;
}

test("CONTRIBUTING.md shows every limit as it is", () => {
  const text = readFileSync(new URL("../../CONTRIBUTING.md", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^\| `(\w+Max)` +\| ([^|]+?) +\|/gm)].map(([, name, shown]) => [name, shown]);
  expect(rows).toEqual(Object.entries(limits).map(([name, value]) => [name, figure(name, value)]));
});
