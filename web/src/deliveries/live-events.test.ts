import { expect, test } from "vitest";
import { createLineReader } from "./live-events.ts";

test.each([
  ["whole events", ["event: delivery\ndata: {}\n\n", ": still here\n\n"]],
  ["an event in pieces", ["event: del", "ivery\nda", "ta: {}", "\n", "\n: still here\n\n"]],
  ["letter by letter", Array.from("event: delivery\ndata: {}\n\n: still here\n\n")],
  ["what is not ended yet", ["event: delivery\ndata: {}\n\n: still here\n\n", "event: deliv"]],
])("lines are read as they come: %s", (_name, pieces) => {
  const lines: string[] = [];
  const read = createLineReader((line) => lines.push(line));
  for (const piece of pieces) read(piece);
  expect(lines).toEqual(["event: delivery", "data: {}", "", ": still here", ""]);
});
