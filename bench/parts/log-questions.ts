import { uuidV7At } from "../../src/store/uuid-v7.ts";
import { leads, phones } from "./fill-logs.ts";

const dayMs = 24 * 3_600_000;

/** What is asked of the logs, by name: the query of the n-th time it is asked, different ones as far as there are any. */
export type Question = (n: number) => Record<string, string>;

/** `connects` as `fillLogs` has them. */
export function logQuestions(connects: readonly number[]): Record<string, Question> {
  const [large, second] = connects.map(String);
  const rare = String(connects.at(-1));
  const small = (n: number): string => String(connects[2 + (n % (connects.length - 3))]);
  const first: Record<string, Question> = {
    everything: () => ({}),
    "connect: half of all": () => ({ connect: large! }),
    "connect: a small one": (n) => ({ connect: small(n) }),
    "connect: one in 10,000": () => ({ connect: rare }),
    "outcome accepted": () => ({ outcome: "accepted" }),
    "outcome rejected": () => ({ outcome: "rejected" }),
    "outcome duplicate": () => ({ outcome: "duplicate" }),
    "outcome failed": () => ({ outcome: "failed" }),
    "outcome discarded: none": () => ({ outcome: "discarded" }),
    "connect: half of all, failed": () => ({ connect: large!, outcome: "failed" }),
    "connect: a small one, failed": (n) => ({ connect: small(n), outcome: "failed" }),
    "connect: one in 10,000, failed": () => ({ connect: rare, outcome: "failed" }),
    "connect: one in 10,000, discarded: none": () => ({ connect: rare, outcome: "discarded" }),
    "diagnosis of all that failed": () => ({ diagnosis: "response_timeout" }),
    "diagnosis: either of two": () => ({ diagnosis: "response_timeout,http_401" }),
    "diagnosis: none": () => ({ diagnosis: "http_404,http_405" }),
    "connect: a small one, diagnosis of all that failed": (n) => ({ connect: small(n), diagnosis: "response_timeout" }),
    phone: (n) => ({ phone: phoneOf(n) }),
    "phone, failed": (n) => ({ phone: phoneOf(n), outcome: "failed" }),
    "phone: none": () => ({ phone: "1015550199" }),
    lead: (n) => ({ lead_id: String(lead(n)) }),
    "lead: none": () => ({ lead_id: "999999999" }),
    "result: half of all": () => ({ result: "success" }),
    "result: one in 270": () => ({ result: "Missing consent" }),
    "result: none": (n) => ({ result: `L-none-${n}` }),
    "result prefix: half of all": () => ({ result: "L-*" }),
    "result prefix: one in 130": () => ({ result: "Invalid*" }),
    "result prefix: one in 540": (n) => ({ result: `L-${(256 + (n % 200)).toString(16)}*` }),
    "result prefix: a few": (n) => ({ result: `L-${(n * 7_919 + 65_536).toString(16).slice(0, 5)}*` }),
    "result prefix: none": (n) => ({ result: `nothing ${n}*` }),
    "connect: half of all, result: one in 270": () => ({ connect: large!, result: "Missing consent" }),
    "connect: a small one, result: one in 270": (n) => ({ connect: small(n), result: "Missing consent" }),
    "connect: a fifth, result: none": (n) => ({ connect: second!, result: `L-none-${n}` }),
    "failed, result: none": (n) => ({ outcome: "failed", result: `L-none-${n}` }),
    "a day": day,
    "a day, failed": (n) => ({ ...day(n), outcome: "failed" }),
    "a day, discarded: none": (n) => ({ ...day(n), outcome: "discarded" }),
    "a day, result: none": (n) => ({ ...day(n), result: `L-none-${n}` }),
    "a day, connect: one in 10,000": (n) => ({ ...day(n), connect: rare }),
    "tests: one in 1,000": () => ({ test: "true" }),
    "tests of one connect in 10,000": () => ({ test: "true", connect: rare }),
    live: () => ({ test: "false" }),
    settled: () => ({ state: "settled" }),
    waiting: () => ({ state: "waiting" }),
    held: () => ({ state: "held" }),
    sending: () => ({ state: "sending" }),
  };
  // 10 to 50 days back, as if one had turned page after page
  const deep = Object.entries(first)
    .filter(([name]) => !/none$|^a day|waiting|held|sending|lead|phone/.test(name))
    .map(([name, question]): [string, Question] => [
      `${name} (deep)`,
      (n) => ({ ...question(n), cursor: uuidV7At(Date.now() - (10 + (n % 40)) * dayMs) }),
    ]);
  return { ...first, ...Object.fromEntries(deep) };
}

const lead = (n: number): number => 1 + ((n * 7_919) % leads);

function phoneOf(n: number): string {
  const l = (n * 7_919) % phones;
  return `${200 + (l % 800)}55501${String(Math.floor(l / 800) % (phones / 800)).padStart(2, "0")}`;
}

function day(n: number): { from: string; to: string } {
  const from = Date.now() - (2 + (n % 50)) * dayMs;
  return { from: new Date(from).toISOString(), to: new Date(from + dayMs).toISOString() };
}
