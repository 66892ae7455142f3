import fc from "fast-check";
import { expect, test } from "vitest";
import { lineDiff } from "./line-diff.ts";

const shown = (before: string, after: string): string[] =>
  lineDiff(before, after).map(({ mark, text }) => `${mark}${text}`);

test.each([
  ["a line that changes stands where it was", "a\nb\nc", "a\nB\nc", [" a", "−b", "+B", " c"]],
  ["a line that comes", "a\nc", "a\nb\nc", [" a", "+b", " c"]],
  ["a line that goes", "a\nb\nc", "a\nc", [" a", "−b", " c"]],
  ["nothing changes", "a\nb", "a\nb", [" a", " b"]],
  ["lines in another order", "a\nb", "b\na", ["−a", " b", "+a"]],
])("%s", (_, before, after, lines) => expect(shown(before, after)).toEqual(lines));

test("without what came it is the old text, without what went the new one", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "c", "", "{"), { minLength: 1, maxLength: 12 })
    .map((l) => l.join("\n"));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDiff(before, after);
      const side = (mark: string) =>
        lines
          .filter((line) => line.mark !== mark)
          .map((line) => line.text)
          .join("\n");
      expect(side("+")).toBe(before);
      expect(side("−")).toBe(after);
    }),
  );
});
