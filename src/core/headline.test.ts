import { describe, expect, test } from "vitest";
import { diagnosisCodes } from "../contracts/outcome.ts";
import { headline, type HeadlineSubject } from "./headline.ts";

const base: HeadlineSubject = {
  state: "settled",
  held_because: null,
  outcome: null,
  diagnosis: null,
  remark: null,
  behind: false,
  attempts: 1,
  connect: "Acme CRM",
};

const lines: [subject: Partial<HeadlineSubject>, headline: string][] = [
  [{ outcome: "accepted" }, "Acme CRM accepted the lead"],
  [{ outcome: "accepted", connect: null }, "The vendor accepted the lead"],
  [{ outcome: "rejected", diagnosis: { code: "value_differs" } }, "Acme CRM rejected the lead"],
  [{ outcome: "duplicate" }, "Acme CRM has this lead already"],
  [{ outcome: "failed", diagnosis: { code: "http_401" } }, "The vendor refused the credentials"],
  [{ outcome: "failed", diagnosis: { code: "gave_up" } }, "Patchbay gave up"],
  [{ outcome: "discarded" }, "Discarded, and not sent"],
  [{ outcome: "discarded", remark: "superseded" }, "A newer delivery for this lead took its place"],
  [{ outcome: "discarded", remark: "out_of_order" }, "Discarded, and not sent"],
  [{ outcome: "accepted", remark: "out_of_order" }, "Acme CRM accepted the lead, sent out of order"],
  [{ outcome: "rejected", remark: "out_of_order" }, "Acme CRM rejected the lead, sent out of order"],
  [{ outcome: "failed", remark: "out_of_order", diagnosis: { code: "gave_up" } }, "Patchbay gave up"],
  [{ state: "waiting", remark: "out_of_order" }, "Waiting for its second attempt"],
  [
    { state: "held", held_because: "credentials", diagnosis: { code: "http_403" } },
    "The vendor refused the credentials",
  ],
  [{ state: "held", held_because: "connect_off" }, "Acme CRM is switched off"],
  [{ state: "held", held_because: "paused" }, "Acme CRM is paused"],
  [{ state: "held", held_because: "breaker" }, "Acme CRM is paused by itself"],
  [{ state: "held", held_because: "breaker", connect: null }, "The connect is paused by itself"],
  [{ state: "held", held_because: "answer_lost" }, "The answer was lost, and a person decides whether to send again"],
  [{ state: "waiting", attempts: 0 }, "Waiting to be sent"],
  [{ state: "waiting", attempts: 1 }, "Waiting for its second attempt"],
  [{ state: "waiting", attempts: 10 }, "Waiting for its 11th attempt"],
  [{ state: "waiting", attempts: 21 }, "Waiting for its 22nd attempt"],
  [{ state: "waiting", attempts: 111 }, "Waiting for its 112th attempt"],
  [{ state: "sending", attempts: 0 }, "Being sent to Acme CRM"],
  [{ state: "sending", attempts: 0, connect: null }, "Being sent to the vendor"],
  [{ state: "sending", attempts: 2 }, "On its third attempt"],
];

describe("the headline:", () => {
  test.each(lines)("%j reads %s", (subject, text) => expect(headline({ ...base, ...subject })).toBe(text));
});

test.each(diagnosisCodes)("a delivery that failed by %s has a headline of its own", (code) => {
  expect(headline({ ...base, outcome: "failed", diagnosis: { code } })).toMatch(/^[A-Z][^.!]{8,60}$/);
});
