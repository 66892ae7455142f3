import { expect, test } from "vitest";
import type { ReplayPreview } from "../../../src/contracts/endpoints/replays.ts";
import { ConnectId } from "../../../src/contracts/ids.ts";
import { headOf, particularsOf } from "./replay-preview-words.ts";

const preview: ReplayPreview = {
  total: 3, total_capped: false, owed: 0, accepted: 0, left_out: [], waits: [], compared: 0, event_gone: 0, headline: "",
  counts: { payloads: 0, vanish: 0, appear: 0 }, differences: [],
}; // prettier-ignore
const acme = { id: ConnectId.parse(1), name: "Acme" };

const rows: [name: string, found: Partial<ReplayPreview>, head: string, particulars: string[]][] = [
  ["all of them go", {}, "3 deliveries go out again", []],
  ["one", { total: 1 }, "1 delivery goes out again", []],
  ["none can", { total: 0, left_out: [{ because: "test", count: 2 }] }, "None of them can be sent again", ["2 more match and can’t be sent again: 2 are tests."]],
  ["14 of 17 can't", { left_out: [{ because: "test", count: 12 }, { because: "connect_deleted", count: 1 }, { because: "not_here", count: 1 }] }, "3 deliveries go out again", ["14 more match and can’t be sent again: 12 are tests, 1 went to a connect that was deleted, 1 is not kept any more."]],
  ["one is under way", { left_out: [{ because: "under_way", count: 1 }] }, "3 deliveries go out again", ["1 more matches and can’t be sent again: 1 is being sent at this moment."]],
  ["all wait for a pause", { waits: [{ connect: acme, because: "paused", count: 3 }] }, "3 deliveries become due again, and wait", ["Acme is paused: until it is resumed, they wait."]],
  ["one waits for a switch", { total: 1, waits: [{ connect: acme, because: "connect_off", count: 1 }] }, "1 delivery becomes due again, and waits", ["Acme is off: until it is switched on, it waits."]],
  ["one of three waits", { waits: [{ connect: acme, because: "breaker", count: 1 }] }, "3 deliveries go out again", ["Acme has paused itself: until that ends, 1 of them waits."]],
  ["some are owed", { owed: 2 }, "3 deliveries go out again", ["2 of them wait or are held: they go at once."]],
  ["the vendor has some", { accepted: 1 }, "3 deliveries go out again", ["1 of them was accepted by the vendor already."]],
  ["the vendor has all", { accepted: 3 }, "3 deliveries go out again", ["The vendor accepted them already."]],
]; // prettier-ignore

test.each(rows)("%s", (_, found, head, particulars) => {
  expect(headOf({ ...preview, ...found })).toBe(head);
  expect(particularsOf({ ...preview, ...found })).toEqual(particulars);
});
