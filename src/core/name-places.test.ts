import { expect, test } from "vitest";
import { z } from "zod";
import { namePlaces, writePath } from "./name-places.ts";

const shape = z.strictObject({
  name: z.string().min(1).max(5),
  count: z.number().int().min(1).max(9),
  list: z.array(z.strictObject({ on: z.boolean() })).max(1),
  one: z.enum(["GET", "POST"]),
  own: z.string().regex(/^x/, "begin with an x"),
  at: z.iso.datetime(),
  either: z.union([z.literal("off"), z.strictObject({ schedule: z.array(z.string()) })]),
});
const right = {
  name: "a",
  count: 1,
  list: [],
  one: "GET",
  own: "x",
  at: "2026-03-15T14:30:00Z",
  either: "off",
};
const placesOf = (change: object) => {
  const parsed = shape.safeParse({ ...right, ...change });
  return parsed.success ? [] : namePlaces(parsed.error.issues);
};

test.each([
  ["nothing wrong", {}, []],
  ["a key that is missing", { name: undefined }, [["name", "this is missing"]]],
  ["a number for a text", { name: 7 }, [["name", "this must be a text"]]],
  ["a text for a list", { list: "a" }, [["list", "this must be a list"]]],
  ["an empty text", { name: "" }, [["name", "fill this in"]]],
  ["a long text", { name: "abcdef" }, [["name", "this must be at most 5 characters long"]]],
  ["a small number", { count: 0 }, [["count", "this must be at least 1"]]],
  ["a broken number", { count: 1.5 }, [["count", "this must be a whole number"]]],
  ["an unknown word", { one: "SEND" }, [["one", "this must be one of GET, POST"]]],
  ["an unknown key", { nmae: 1 }, [["nmae", "Patchbay does not know this name"]]],
  ["words of the schema's own", { own: "y" }, [["own", "begin with an x"]]],
  ["no instant", { at: "tomorrow" }, [["at", "this must be written as an instant such as 2026-03-15T14:30:00Z"]]],
  ["a place within a list", { list: [{ on: 1 }] }, [["list[0].on", "this must be true or false"]]],
  [
    "a place within what a union allows",
    { either: { schedule: [1] } },
    [["either.schedule[0]", "this must be a text"]],
  ],
  ["nothing that a union allows", { either: 4 }, [["either", "this does not fit what is expected here"]]],
  [
    "two at once",
    { name: "", count: 10 },
    [
      ["name", "fill this in"],
      ["count", "this must be at most 9"],
    ],
  ],
])("%s", (_name, change, wanted) => {
  expect(placesOf(change).map(({ path, message }) => [path, message])).toEqual(wanted);
});

test("the words are never the library's", () => {
  const said = JSON.stringify(placesOf(Object.fromEntries(Object.keys(right).map((key) => [key, Symbol.iterator]))));
  expect(said).not.toMatch(/Invalid|received|Too /);
});

test("a path is written as in JavaScript", () => {
  expect(writePath(["fields", 3, "value_map", 0, 1])).toBe("fields[3].value_map[0][1]");
});
