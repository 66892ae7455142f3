import fc from "fast-check";
import { expect, test } from "vitest";
import { shareOf, shareSql } from "../../src/store/shares.ts";
import { cloneDatabase } from "../clone-database.ts";

const clone = cloneDatabase();

const anyWorkers = fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 20 - 1 }), { minLength: 1, maxLength: 8 });
const anyConcurrency = fc.integer({ min: 1, max: 500 });
const anyConnect = fc.integer({ min: 0, max: 2 ** 40 });

const sharesOf = (concurrency: number, connectId: number, numbers: readonly number[]): number[] =>
  numbers.map((me) => shareOf(concurrency, connectId, { me, numbers }));

test("all shares together are the concurrency, and no two differ by more than one", () => {
  fc.assert(
    fc.property(anyWorkers, anyConcurrency, anyConnect, (numbers, concurrency, connectId) => {
      const shares = sharesOf(concurrency, connectId, numbers);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(concurrency);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }),
  );
});

test("when one goes, nobody else's share becomes smaller", () => {
  fc.assert(
    fc.property(anyWorkers, anyConcurrency, anyConnect, fc.nat(), (numbers, concurrency, connectId, which) => {
      fc.pre(numbers.length > 1);
      const left = numbers.toSpliced(which % numbers.length, 1);
      for (const me of left)
        expect(shareOf(concurrency, connectId, { me, numbers: left })).toBeGreaterThanOrEqual(
          shareOf(concurrency, connectId, { me, numbers }),
        );
    }),
  );
});

test("what a division leaves over goes to each about equally often", () => {
  const numbers = [4, 5, 9];
  const taken = numbers.map((me) => {
    const connects = Array.from({ length: 3_000 }, (_, at) => at + 1);
    return connects.filter((connectId) => shareOf(1, connectId, { me, numbers }) === 1).length;
  });
  for (const count of taken) expect(count).toBeGreaterThan(900);
});

test("the database shares out as this process does", async () => {
  const cases = fc.sample(fc.record({ numbers: anyWorkers, concurrency: anyConcurrency, connectId: anyConnect }), 200);
  const text = `select ${shareSql("$3::int", "$4::bigint", { me: "$1", numbers: "$2" })} as share`;
  for (const { numbers, concurrency, connectId } of cases)
    for (const me of numbers) {
      const { rows } = await clone.db.query(text, [me, numbers, concurrency, connectId]);
      expect(rows).toEqual([{ share: shareOf(concurrency, connectId, { me, numbers }) }]);
    }
});
