import fc from "fast-check";
import { expect, test } from "vitest";
import { newUuidV7, uuidV7At, uuidV7Time } from "./uuid-v7.ts";

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an id has the form of RFC 9562 and tells when it was made", () => {
  const id = newUuidV7(4_000_000_000_000);
  expect(id).toMatch(form);
  expect(uuidV7Time(id)).toBe(4_000_000_000_000);
});

test("ids of one process ascend, whatever the clock does", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 42 }), { minLength: 2, maxLength: 50 }), (times) => {
      const ids = times.map((ms) => newUuidV7(ms));
      expect(ids.toSorted()).toEqual(ids);
      expect(new Set(ids).size).toBe(ids.length);
    }),
  );
});

test("ten thousand ids of one millisecond ascend", () => {
  const ids = Array.from({ length: 10_000 }, () => newUuidV7(5_000_000_000_000));
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every((id) => form.test(id))).toBe(true);
});

test("a time's lowest id is an id, and not above any made then", () => {
  const bound = uuidV7At(6_000_000_000_000);
  expect(bound).toMatch(form);
  expect(bound <= newUuidV7(6_000_000_000_000)).toBe(true);
  expect(bound > newUuidV7(0).replace(/^.{13}/, uuidV7At(5_999_999_999_999).slice(0, 13))).toBe(true);
});
