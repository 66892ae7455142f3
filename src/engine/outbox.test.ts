import { expect, test } from "vitest";
import type { AccountId, ConnectId } from "../contracts/ids.ts";
import { createOutbox } from "./outbox.ts";

const of = { accountId: 1 as AccountId, connectId: 7 as ConnectId };
const endless = (): Promise<void> => new Promise(() => {});

/** An outbox whose process has `slots` of every connect, and what it gave back. */
function withSlots(slots: number) {
  const at = { slots, given: [] as string[] };
  const outbox = createOutbox<string>(
    () => at.slots,
    () => {},
    (held) => at.given.push(...held),
  );
  return { at, outbox };
}

test("what waits goes back when the last slot goes to another process; what is under way ends here", () => {
  const { at, outbox } = withSlots(1);
  const room = outbox.left();
  for (const name of ["first", "second", "third"]) outbox.add(of, 1, name, endless);
  expect(at.given).toEqual([]);
  at.slots = 0;
  outbox.pump();
  expect(at.given).toEqual(["second", "third"]);
  expect(outbox.left()).toBe(room - 1);
  expect(outbox.fits()).toBe(false);
});

test("what was being claimed while the slot went to another goes back too", () => {
  const { at, outbox } = withSlots(0);
  const room = outbox.left();
  outbox.add(of, 1, "late", endless);
  expect(at.given).toEqual(["late"]);
  expect(outbox.left()).toBe(room);
});

test("fewer slots are only slower: what waits stays", () => {
  const { at, outbox } = withSlots(2);
  for (const name of ["first", "second", "third"]) outbox.add(of, 2, name, endless);
  at.slots = 1;
  outbox.pump();
  expect(at.given).toEqual([]);
});
