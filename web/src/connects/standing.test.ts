import { describe, expect, test } from "vitest";
import type { ConnectStanding, ConnectSummary } from "../../../src/contracts/connect.ts";
import type { ConnectId } from "../../../src/contracts/ids.ts";
import { heldReasons, pauseWords, resumedWords, standing, switchedWords } from "./standing.ts";

const sends: ConnectStanding = {
  paused_at: null,
  paused_by: null,
  breaker: "closed",
  breaker_since: null,
  breaker_because: null,
  probe_at: null,
};
const connect: ConnectSummary = {
  id: 1 as ConnectId,
  name: "Acme CRM",
  api_url: "https://crm.example.com/",
  request_method: "POST",
  active: true,
  adaptor: null,
  order_group: "",
  standing: sends,
  held: {},
  waiting: 0,
  tested_only: false,
  last: { outcome: "accepted", result: "1", diagnosis: null, at: "2026-11-24T09:00:00.000Z" },
  saved_at: "2026-11-24T09:00:00.000Z",
};
const at = "2026-11-24T09:14:00.000Z";
const clock = (instant: string): string => instant.slice(11, 16);

describe("how a connect is doing:", () => {
  const rows: [words: string, of: Partial<ConnectSummary>, loud: boolean][] = [
    ["Accepted", {}, false],
    ["Paused", { standing: { ...sends, paused_at: at } }, false],
    ["Paused, 12 held", { standing: { ...sends, paused_at: at }, held: { paused: 11, answer_lost: 1 } }, false],
    ["Paused by itself, 1,204 held", { standing: { ...sends, breaker: "open" }, held: { breaker: 1204 } }, true],
    ["Paused by itself", { standing: { ...sends, breaker: "refused" } }, true],
    ["Paused", { standing: { ...sends, paused_at: at, breaker: "open" } }, false],
    ["Not active", { active: false, standing: { ...sends, paused_at: at } }, false],
    ["Credentials refused, 2 held", { held: { credentials: 2 } }, true],
  ];
  test.each(rows)("%s", (words, of, loud) => expect(standing({ ...connect, ...of })).toMatchObject({ words, loud }));
});

describe("why it sends nothing:", () => {
  const rows: [name: string, of: Partial<ConnectStanding>, words: string | null][] = [
    ["it sends", {}, null],
    ["a person paused it", { paused_at: at, paused_by: "Dana" }, "Paused since 09:14 by Dana. What comes in waits, and uses up no attempt."],
    ["too many failures", { breaker: "open", breaker_since: at, breaker_because: "20 attempts failed in a row", probe_at: "2026-11-24T09:15:00.000Z" }, "Paused by itself since 09:14: 20 attempts failed in a row. One delivery is tried every 30 s to 5 min, next at 09:15; when the vendor answers it, all goes on."],
    ["nothing is there to be tried with", { breaker: "open", breaker_since: at, probe_at: at }, "Paused by itself since 09:14. One delivery is tried every 30 s to 5 min; when the vendor answers it, all goes on."],
    ["refused credentials", { breaker: "refused", breaker_since: at, breaker_because: "401" }, "Paused by itself: the vendor refused the credentials three times in a row. Put the right ones in and save the connect anew."],
    ["a person's pause comes first", { breaker: "refused", paused_at: at }, "Paused since 09:14. What comes in waits, and uses up no attempt."],
  ]; // prettier-ignore
  test.each(rows)("%s", (_, of, words) => expect(pauseWords({ ...sends, ...of }, clock, Date.parse(at))).toBe(words));
});

test("what is held is told by reason, most first", () => {
  expect(heldReasons({ ...connect, held: { answer_lost: 2, breaker: 7 } })).toEqual([
    { because: "breaker", count: 7, words: "because it paused itself" },
    { because: "answer_lost", count: 2, words: "for a person, as the answer was lost" },
  ]);
});

describe("a connect that sent nothing", () => {
  test.each([
    [false, 0, "Nothing sent yet"],
    [true, 0, "Only tests sent so far"],
    [true, 2, "2 waiting"],
  ])("but tests: %s, and has %i waiting: %s", (tested, waiting, words) =>
    expect(standing({ ...connect, last: null, tested_only: tested, waiting })).toMatchObject({ words }),
  );
});

describe("what is said when a pause is ended:", () => {
  const rows: [name: string, of: Partial<ConnectSummary>, now: Partial<ConnectStanding>, words: RegExp][] = [
    ["what waited goes out", { held: { paused: 2 } }, {}, /is resumed\. What waited goes out\.$/],
    ["nothing waited", {}, {}, /is resumed\.$/],
    ["it is off all the same", { active: false, held: { paused: 2 } }, {}, /goes out when it is switched on\.$/],
    ["it paused itself too", { held: { paused: 2 } }, { breaker: "open" }, /until its vendor answers again\.$/],
    ["its credentials are refused", { held: { paused: 2 } }, { breaker: "refused" }, /refuses its credentials\.$/],
  ];
  test.each(rows)("%s", (_, of, now, words) =>
    expect(resumedWords({ ...connect, ...of }, { ...sends, ...now })).toMatch(words),
  );
});

describe("what is said when a connect is switched:", () => {
  const paused: Partial<ConnectStanding> = { paused_at: "2026-11-24T09:00:00.000Z" };
  const rows: [name: string, active: boolean, now: Partial<ConnectStanding>, words: string][] = [
    ["off", false, {}, "Acme CRM is off. New deliveries wait until it is on."],
    ["on", true, {}, "Acme CRM is active. Held deliveries are going out."],
    ["on, and paused by hand", true, paused, "Acme CRM is on, but is still paused. Held deliveries go out when that ends."],
    ["on, and paused by itself", true, { breaker: "open" }, "Acme CRM is on, but paused itself. Held deliveries go out when that ends."],
  ]; // prettier-ignore
  test.each(rows)("%s", (_, active, now, words) =>
    expect(switchedWords({ name: "Acme CRM", active, standing: { ...sends, ...now } }, "send_all")).toBe(words),
  );
});
