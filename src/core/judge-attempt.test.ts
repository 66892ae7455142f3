import { describe, expect, test } from "vitest";
import { diagnosisCodes } from "../contracts/outcome.ts";
import { diagnose } from "./diagnose.ts";
import type { Fault, FaultCode } from "./exchange.ts";
import { gaveUp, judgeAttempt, type AttemptToJudge } from "./judge-attempt.ts";
import type { Reading } from "./read-answer.ts";

const now = new Date("2026-11-23T12:00:00Z");
const read: Reading = { kind: "read", result: "42", matchesDemand: null, diagnosis: null, notes: [] };
const unread: Reading = { kind: "null", diagnosis: diagnose("value_null", { key: "id" }), notes: [] };
const differs: Reading = {
  kind: "read",
  result: "NO",
  matchesDemand: false,
  diagnosis: diagnose("value_differs", { key: "status", value: "NO", demand: "OK" }),
  notes: [],
};
const base: AttemptToJudge = {
  exchange: {
    answer: null,
    fault: null,
    timing: { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, total_ms: 1 },
  },
  reading: null,
  settings: { retry: "default", if_answer_lost: "send_again", request_method: "POST", follow_redirects: false },
  credentials: { authentication: true, authorization: true, callsFrom: null },
  contentType: "application/json",
  attemptNumber: 1,
  giveUpAt: new Date("2026-12-01T12:00:00Z"),
  test: false,
  now,
  random: 0.5,
  mask: (text) => text,
};

function answered(status: number, more: Partial<AttemptToJudge> = {}, headers: [string, string][] = []) {
  const answer = { status, headers, body: new Uint8Array(), truncated: false };
  return judgeAttempt({ ...base, reading: read, ...more, exchange: { ...base.exchange, answer } });
}
function faulted(code: FaultCode, more: Partial<AttemptToJudge> = {}, fault: Partial<Fault> = {}, status?: number) {
  const answer = status === undefined ? null : { status, headers: [], body: new Uint8Array(), truncated: false };
  return judgeAttempt({
    ...base,
    ...more,
    exchange: { ...base.exchange, answer, fault: { code, detail: "so", answerLost: false, ...fault } },
  });
}
const inSeconds = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

const table: [sentence: string, status: number, reading: Reading, expected: object][] = [
  [
    "200 that was read is accepted, with the result",
    200,
    read,
    { kind: "settled", outcome: "accepted", result: "42", diagnosis: null, httpStatus: 200 },
  ],
  [
    "204 without a Response Key is accepted",
    204,
    { ...read, result: "" },
    { kind: "settled", outcome: "accepted", result: "" },
  ],
  [
    "201 with the demanded value is accepted",
    201,
    { ...read, matchesDemand: true },
    { kind: "settled", outcome: "accepted" },
  ],
  [
    "200 that can't be read failed and is not sent again",
    200,
    unread,
    { kind: "settled", outcome: "failed", result: null, diagnosis: { code: "value_null" } },
  ],
  [
    "200 with another value than demanded is rejected",
    200,
    differs,
    { kind: "settled", outcome: "rejected", result: "NO", diagnosis: { code: "value_differs" } },
  ],
  [
    "a redirect that is not followed failed",
    302,
    read,
    { kind: "settled", outcome: "failed", result: null, diagnosis: { code: "redirect_refused", setting: "api_url" } },
  ],
  [
    "304 is no answer to a delivery",
    304,
    read,
    { kind: "settled", outcome: "failed", diagnosis: { code: "redirect_refused" } },
  ],
  [
    "404 failed",
    404,
    read,
    { kind: "settled", outcome: "failed", diagnosis: { code: "http_404", setting: "api_url" } },
  ],
  [
    "405 failed",
    405,
    read,
    { kind: "settled", outcome: "failed", diagnosis: { code: "http_405", setting: "request_method" } },
  ],
  [
    "415 failed",
    415,
    read,
    { kind: "settled", outcome: "failed", diagnosis: { code: "http_415", setting: "post_data_type" } },
  ],
  [
    "401 is held for the credentials",
    401,
    read,
    { kind: "held", reason: "credentials", diagnosis: { code: "http_401", setting: "authorization_header" } },
  ],
  [
    "403 is held for the credentials",
    403,
    read,
    { kind: "held", reason: "credentials", diagnosis: { code: "http_403" } },
  ],
  [
    "407 is held for the credentials",
    407,
    read,
    { kind: "held", reason: "credentials", diagnosis: { code: "http_407" } },
  ],
  ["408 goes again", 408, read, { kind: "again", dueAt: inSeconds(5), diagnosis: { code: "http_4xx" } }],
  ["425 goes again", 425, read, { kind: "again", dueAt: inSeconds(5), diagnosis: { code: "http_4xx" } }],
  ["429 goes again", 429, read, { kind: "again", dueAt: inSeconds(5), diagnosis: { code: "http_429" } }],
  ["500 goes again", 500, read, { kind: "again", dueAt: inSeconds(5), diagnosis: { code: "http_5xx" } }],
  ["503 goes again", 503, read, { kind: "again", dueAt: inSeconds(5), diagnosis: { code: "http_5xx" } }],
  ["599 goes again", 599, read, { kind: "again", dueAt: inSeconds(5), diagnosis: { code: "http_5xx" } }],
  [
    "400 is rejected, without a result",
    400,
    read,
    { kind: "settled", outcome: "rejected", result: null, httpStatus: 400, diagnosis: { code: "http_4xx" } },
  ],
  ["409 is rejected", 409, read, { kind: "settled", outcome: "rejected", diagnosis: { code: "http_4xx" } }],
  ["422 is rejected", 422, unread, { kind: "settled", outcome: "rejected", diagnosis: { code: "http_4xx" } }],
];

describe("by the default table", () => {
  test.each(table)("%s", (_, status, reading, expected) => {
    expect(answered(status, { reading })).toMatchObject(expected);
  });
});

describe("a fault of the network goes again by schedule:", () => {
  test.each([
    "dns_not_found", "blocked_address", "connection_refused", "connect_timeout", "tls_untrusted", "tls_expired",
    "tls_hostname", "tls_protocol", "response_timeout", "connection_reset", "not_http",
  ] as const)("%s", (code) => {
    expect(faulted(code)).toMatchObject({ kind: "again", dueAt: inSeconds(5), usesAttempt: true, result: null, httpStatus: null, diagnosis: { code } });
  }); // prettier-ignore
});

const faults: [sentence: string, verdict: () => object, expected: object][] = [
  [
    "a reset within a 200 goes again, and its status is kept",
    () => faulted("connection_reset", {}, { answerLost: true }, 200),
    { kind: "again", httpStatus: 200 },
  ],
  [
    "a lost answer is held where the connect says so",
    () => faulted("response_timeout", { settings: { ...base.settings, if_answer_lost: "hold" } }, { answerLost: true }),
    { kind: "held", reason: "answer_lost", diagnosis: { code: "response_timeout" } },
  ],
  [
    "what was never sent goes again there too",
    () => faulted("connection_refused", { settings: { ...base.settings, if_answer_lost: "hold" } }),
    { kind: "again" },
  ],
  [
    "a 503 is an answer, not a lost one",
    () => answered(503, { settings: { ...base.settings, if_answer_lost: "hold" } }),
    { kind: "again" },
  ],
  [
    "a 200 that can't be decompressed failed and is not sent again",
    () => faulted("bad_encoding", {}, {}, 200),
    { kind: "settled", outcome: "failed", diagnosis: { code: "bad_encoding" } },
  ],
  [
    "a 500 that can't be decompressed is a 500",
    () => faulted("bad_encoding", {}, {}, 500),
    { kind: "again", diagnosis: { code: "http_5xx" } },
  ],
  [
    "a redirect to another origin failed",
    () => faulted("redirect_refused", {}, {}, 302),
    { kind: "settled", outcome: "failed", diagnosis: { code: "redirect_refused" } },
  ],
  [
    "a request that could not be made failed",
    () => faulted("required_value_missing"),
    { kind: "settled", outcome: "failed", diagnosis: { code: "required_value_missing" } },
  ],
];

describe("faults:", () => {
  test.each(faults)("%s", (_, verdict, expected) => expect(verdict()).toMatchObject(expected));
});

const retries: [sentence: string, verdict: () => object, expected: object][] = [
  [
    "the third attempt waits 2 min",
    () => answered(500, { attemptNumber: 3 }),
    { kind: "again", dueAt: inSeconds(120), usesAttempt: true },
  ],
  ["jitter comes from the dice", () => answered(500, { random: 0 }), { kind: "again", dueAt: inSeconds(4) }],
  [
    "an own list",
    () => answered(500, { settings: { ...base.settings, retry: { schedule: ["1m"] } } }),
    { kind: "again", dueAt: inSeconds(60) },
  ],
  [
    "retry off fails with the attempt's own diagnosis",
    () => answered(500, { settings: { ...base.settings, retry: "off" } }),
    { kind: "settled", outcome: "failed", diagnosis: { code: "http_5xx" } },
  ],
  [
    "retry off obeys no Retry-After",
    () => answered(429, { settings: { ...base.settings, retry: "off" } }, [["Retry-After", "9"]]),
    { kind: "settled", outcome: "failed", diagnosis: { code: "http_429" } },
  ],
  [
    "429 obeys Retry-After and uses up no attempt",
    () => answered(429, {}, [["retry-after", "30"]]),
    {
      kind: "again",
      dueAt: inSeconds(30),
      usesAttempt: false,
      diagnosis: { message: "The vendor asks to slow down (429), and to wait 30 s" },
    },
  ],
  [
    "503 obeys a Retry-After date",
    () => answered(503, {}, [["Retry-After", "Mon, 23 Nov 2026 14:00:00 GMT"]]),
    { kind: "again", dueAt: inSeconds(7200), usesAttempt: false },
  ],
  [
    "a day is the longest that is obeyed",
    () => answered(429, {}, [["Retry-After", "999999"]]),
    { kind: "again", dueAt: inSeconds(86_400) },
  ],
  [
    "500 has no say in the wait",
    () => answered(500, {}, [["Retry-After", "30"]]),
    { kind: "again", dueAt: inSeconds(5), usesAttempt: true },
  ],
  [
    "an attempt due when time runs out is still made",
    () => answered(500, { giveUpAt: inSeconds(5) }),
    { kind: "again", dueAt: inSeconds(5) },
  ],
  [
    "one due later is given up, with the last reason",
    () => answered(500, { giveUpAt: inSeconds(4), attemptNumber: 2 }),
    {
      kind: "settled",
      outcome: "failed",
      httpStatus: 500,
      diagnosis: { code: "gave_up", message: "Patchbay gave up after 2 attempts: The vendor's server failed (500)" },
    },
  ],
  [
    "a Retry-After beyond the end is given up",
    () => answered(429, { giveUpAt: inSeconds(60) }, [["Retry-After", "61"]]),
    { kind: "settled", diagnosis: { code: "gave_up" } },
  ],
  [
    "a test is never tried again",
    () => answered(503, { test: true }),
    { kind: "settled", outcome: "failed", diagnosis: { code: "http_5xx" } },
  ],
  [
    "a test is never held",
    () => answered(401, { test: true }),
    { kind: "settled", outcome: "failed", diagnosis: { code: "http_401" } },
  ],
  [
    "a test whose answer was lost is not held either",
    () =>
      faulted(
        "response_timeout",
        { test: true, settings: { ...base.settings, if_answer_lost: "hold" } },
        { answerLost: true },
      ),
    { kind: "settled", outcome: "failed", diagnosis: { code: "response_timeout" } },
  ],
  ["a test is accepted as any other", () => answered(200, { test: true }), { kind: "settled", outcome: "accepted" }],
];

describe("again, or not:", () => {
  test.each(retries)("%s", (_, verdict, expected) => expect(verdict()).toMatchObject(expected));
});

const words: [sentence: string, verdict: () => object, message: RegExp, fix: RegExp][] = [
  [
    "both credentials were sent",
    () => answered(401),
    /refused the credentials: it answered 401 to Authorization Header \(D\) and Api Authentication \(C\)/,
    /new token into Authorization Header \(D\)$/,
  ],
  [
    "only C was sent",
    () => answered(403, { credentials: { authentication: true, authorization: false, callsFrom: null } }),
    /answered 403 to Api Authentication \(C\)/,
    /new token into Api Authentication \(C\)$/,
  ],
  [
    "neither was sent",
    () => answered(401, { credentials: { authentication: false, authorization: false, callsFrom: null } }),
    /wants credentials, and none were sent/,
    /Authorization Header \(D\) or Api Authentication \(C\)/,
  ],
  [
    "the address vendors see is known",
    () => answered(403, { credentials: { ...base.credentials, callsFrom: "203.0.113.7" } }),
    /this server calls from 203\.0\.113\.7/,
    /./,
  ],
  ["405 names the method", () => answered(405), /does not take POST/, /Request Method \(E\)/],
  [
    "415 names the content type that was sent",
    () => answered(415),
    /does not take application\/json \(415\)/,
    /Post Data Type/,
  ],
  [
    "a redirect names its goal without the query",
    () => answered(302, {}, [["Location", "https://login.example.com/a?token=x#y"]]),
    /names https:\/\/login\.example\.com\/a$/,
    /or switch on Follow redirects/,
  ],
  [
    "a redirect that could not be followed says so",
    () => answered(302, { settings: { ...base.settings, follow_redirects: true } }),
    /answered 302/,
    /into API URL \(B\)$/,
  ],
  [
    "a redirect's goal is masked",
    () => answered(302, { mask: (text) => text.replaceAll("s3cret", "••••••••") }, [["Location", "/s3cret/x"]]),
    /names \/••••••••\/x/,
    /./,
  ],
];

describe("in words:", () => {
  test.each(words)("%s", (_, verdict, message, fix) => {
    expect(verdict()).toMatchObject({
      diagnosis: { message: expect.stringMatching(message), fix: expect.stringMatching(fix) },
    });
  });
});

test("an attempt with neither answer nor fault is a mistake of ours", () => {
  expect(() => judgeAttempt(base)).toThrow(/neither/);
});

test("one attempt is counted as one", () => {
  expect(gaveUp(1, null)).toEqual({
    code: "gave_up",
    message: "Patchbay gave up after 1 attempt",
    fix: expect.any(String),
  });
});

test("what was given up says what the last attempt said to do, and where", () => {
  const last = {
    code: "http_404",
    message: "Nothing is there (404)",
    fix: "Check API URL",
    setting: "api_url",
  } as const;
  const given = gaveUp(9, last);
  expect(given).toEqual({
    code: "gave_up",
    message: "Patchbay gave up after 9 attempts: Nothing is there (404)",
    fix: "Check API URL; then retry it",
    setting: "api_url",
  });
  // sent again and given up again: the same words, not those twice
  expect(gaveUp(10, given)).toEqual({
    ...given,
    message: "Patchbay gave up after 10 attempts: Nothing is there (404)",
  });
});

test("what was given up without an attempt leads to the connect, not to an attempt that never was", () =>
  expect(gaveUp(0, null)).toEqual({
    code: "gave_up",
    message: "Patchbay gave up before a first attempt: Give up after had run out",
    fix: "See that the connect is on and not paused, then retry it",
  }));

test.each([
  ["static.api_token", "adaptor_id", "Type the value of api_token into its row of the adaptor again"],
  ["api_url.key", "api_url", "Type the secret into API URL (B) again"],
  ["api_authentication.key", "api_authentication", "Type it into Api Authentication (C) again"],
  ["authorization_header.authorization", "authorization_header", "Type the header into Authorization Header (D) again"],
] as const)("a missing %s leads to where it is typed", (detail, setting, fix) =>
  expect(diagnose("required_value_missing", { detail })).toMatchObject({ setting, fix }),
);

const unusual = /please|oops|invalid|error occurred|!|undefined|\bfail(ed)? to\b/i;
const particulars = {
  detail: "so", status: 401, authentication: true, authorization: true, callsFrom: null, method: "POST", contentType: "text/xml",
  wait: "30 s", chosen: "JSON", is: "XML", looks: "json", line: 1, column: 2, problem: "so", ended: false, opening: "so",
  limit: "1 MiB", key: "id", where: "", there: "has `a`", value: "a", demand: "b", attempts: 3, last: "so",
} as const; // prettier-ignore

test.each(diagnosisCodes)("%s is told in the product's words", (code) => {
  const told = (diagnose as (code: string, particulars: object) => ReturnType<typeof diagnose>)(code, particulars);
  expect(told.code).toBe(code);
  for (const text of [told.message, told.fix]) {
    expect(text).not.toMatch(unusual);
    expect(text).toMatch(/^[`A-Z][^\n]{10,}[^.\s]$/);
  }
});
