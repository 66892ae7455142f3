import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changedPlaces, withChoices, type RowRules } from "./three-way.ts";

const byName: RowRules = { rows: (row: { n: string }) => row.n };
const row = (n: string, v: number) => ({ n, v });
const told = (base: object, mine: object, theirs: object, rules: RowRules = {}, replaced: string[] = []) =>
  changedPlaces(base, mine, theirs, rules, new Set(replaced)).map(({ path, changed }) => `${path}: ${changed}`);

describe("what was changed since both began", () => {
  test.each([
    ["nothing", { a: 1 }, { a: 1 }, { a: 1 }, []],
    ["mine alone", { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 1 }, ["a: mine"]],
    ["theirs alone", { a: 1 }, { a: 1 }, { a: 2 }, ["a: theirs"]],
    ["both, differently", { a: 1 }, { a: 2 }, { a: 3 }, ["a: both"]],
    ["both alike is no matter", { a: 1 }, { a: 2 }, { a: 2 }, []],
    ["one each", { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }, ["a: mine", "b: theirs"]],
    ["objects written in another order are the same", { a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, { a: { x: 1, y: 2 } }, []],
    ["an array without a rule is one value", { a: [1, 2] }, { a: [1, 2, 3] }, { a: [1] }, ["a: both"]],
  ])("%s", (_, base, mine, theirs, expected) => expect(told(base, mine, theirs)).toEqual(expected)); // prettier-ignore

  test.each([
    ["rows of each are told apart", [row("a", 1), row("b", 1)], [row("a", 2), row("b", 1)], [row("a", 1), row("b", 2)], ["rows a: mine", "rows b: theirs"]],
    ["one row by both", [row("a", 1)], [row("a", 2)], [row("a", 3)], ["rows a: both"]],
    ["one takes away what the other changes", [row("a", 1)], [], [row("a", 3)], ["rows a: both"]],
    ["each adds one", [], [row("a", 1)], [row("b", 1)], ["rows a: mine", "rows b: theirs"]],
    ["both add the same name, differently", [], [row("a", 1)], [row("a", 2)], ["rows a: both"]],
    ["only the order, by one", [row("a", 1), row("b", 1)], [row("b", 1), row("a", 1)], [row("a", 1), row("b", 1)], ["rows order: mine"]],
    ["the second of one name is another", [row("a", 1), row("a", 2)], [row("a", 1), row("a", 3)], [row("a", 1), row("a", 2)], ["rows a#2: mine"]],
  ])("%s", (_, base, mine, theirs, expected) =>
    expect(told({ rows: base }, { rows: mine }, { rows: theirs }, byName)).toEqual(expected)); // prettier-ignore

  test("by position only while there are as many on every side", () => {
    const rules: RowRules = { rows: "position" };
    expect(told({ rows: [1, 2] }, { rows: [1, 3] }, { rows: [4, 2] }, rules)).toEqual([
      "rows 0: theirs",
      "rows 1: mine",
    ]);
    expect(told({ rows: [1, 2] }, { rows: [1, 3] }, { rows: [1, 2, 5] }, rules)).toEqual(["rows: both"]);
  });

  test("a secret that they replaced counts though it looks the same", () => {
    expect(told({ key: "••••" }, { key: "••••" }, { key: "••••" }, {}, ["key"])).toEqual(["key: theirs"]);
    expect(told({ key: "••••" }, { key: "new" }, { key: "••••" }, {}, ["key"])).toEqual(["key: both"]);
    const rows = { rows: [{ n: "t", v: "••••" }] };
    expect(told(rows, rows, rows, byName, ["t"])).toEqual(["rows t: theirs"]);
  });
});

const make = <T extends object>(base: T, mine: T, theirs: T, choices: Record<string, "mine" | "theirs"> = {}) =>
  withChoices(mine, theirs, changedPlaces(base, mine, theirs, byName), choices, byName);

describe("what the choices make", () => {
  test("field by field", () => {
    const [base, mine, theirs] = [
      { a: 1, b: 1, c: 1 },
      { a: 2, b: 2, c: 1 },
      { a: 3, b: 3, c: 3 },
    ];
    expect(make(base, mine, theirs, { a: "mine", b: "theirs" })).toEqual({ a: 2, b: 3, c: 3 });
    expect(make(base, mine, theirs, { a: "theirs", b: "theirs", c: "mine" })).toEqual({ a: 3, b: 3, c: 1 });
  });

  test("what nobody chose is as whoever changed it has it; nothing that was typed is lost", () => {
    expect(make({ a: 1, b: 1, c: 1 }, { a: 2, b: 1, c: 2 }, { a: 1, b: 2, c: 3 })).toEqual({ a: 2, b: 2, c: 2 });
  });

  test("rows keep their order, and those of the other side follow what they followed there", () => {
    const base = { rows: [row("a", 1), row("b", 1), row("c", 1)] };
    const mine = { rows: [row("a", 1), row("x", 1), row("b", 1), row("c", 1)] };
    const theirs = { rows: [row("c", 1), row("a", 2), row("b", 1)] };
    expect(make(base, mine, theirs).rows).toEqual([row("c", 1), row("a", 2), row("x", 1), row("b", 1)]);
    expect(make(base, mine, theirs, { "rows a": "mine", "rows order": "mine" }).rows).toEqual(mine.rows);
  });

  test("a row that one took away stays away, or comes back", () => {
    type Rows = { rows: ReturnType<typeof row>[] };
    const [base, mine, theirs]: [Rows, Rows, Rows] = [{ rows: [row("a", 1)] }, { rows: [] }, { rows: [row("a", 2)] }];
    expect(make(base, mine, theirs, { "rows a": "mine" }).rows).toEqual([]);
    expect(make(base, mine, theirs, { "rows a": "theirs" }).rows).toEqual([row("a", 2)]);
  });

  test("of things generated: with all mine chosen it is mine where both changed, and never less than what one side changed", () => {
    const rows = fc
      .uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 5 })
      .chain((names) => fc.tuple(...names.map((n) => fc.integer({ min: 0, max: 2 }).map((v) => row(n, v)))));
    const thing = fc.record({ x: fc.integer({ min: 0, max: 2 }), y: fc.integer({ min: 0, max: 2 }), rows });
    type Thing = { x: number; y: number; rows: ReturnType<typeof row>[] };
    const unordered = ({ rows: all, ...rest }: Thing) => ({
      ...rest,
      rows: all.toSorted((a, b) => (a.n < b.n ? -1 : 1)),
    });
    const has = (n: string) => (one: Thing) => one.rows.some((each) => each.n === n);
    fc.assert(
      fc.property(thing, thing, (base, other) => {
        // one side changed nothing: the other's is the result, whole
        expect(make(base, other, base)).toEqual(other);
        expect(make(base, base, other)).toEqual(other);
      }),
    );
    fc.assert(
      fc.property(thing, thing, thing, (base, mine, theirs) => {
        const places = changedPlaces(base, mine, theirs, byName);
        const all = (side: "mine" | "theirs") => Object.fromEntries(places.map(({ path }) => [path, side]));
        for (const [side, whole] of [
          ["mine", mine],
          ["theirs", theirs],
        ] as const) {
          const made = withChoices(mine, theirs, places, all(side), byName);
          expect(unordered(made)).toEqual(unordered(whole));
          // the order of what only the two added is anybody's
          const old = (one: typeof base) =>
            one.rows.map(({ n }) => n).filter((n) => [base, mine, theirs].every(has(n)));
          expect(old(made)).toEqual(old(whole));
        }
      }),
    );
  });
});
