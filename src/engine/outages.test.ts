import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { expect, test } from "vitest";
import { createOutages, quietly, withoutOutages, type Outages } from "./outages.ts";

const withCode = (code: string): Error => Object.assign(new Error(`the words of ${code}`), { code });
const [gone, full] = [withCode("ECONNREFUSED"), withCode("53100")];

function start(isOver: () => boolean = () => false) {
  const lines: { msg: string; times?: number; because?: string }[] = [];
  const clock = { now: 0 };
  const write = (line: string): void => void lines.push(JSON.parse(line) as (typeof lines)[number]);
  const probe = (error: Error) => async (): Promise<void> => {
    if (!isOver()) throw error;
  };
  const log = pino({ level: "debug", hooks: withoutOutages(() => outages) }, { write });
  const outages: Outages = createOutages({
    log,
    probes: { gone: probe(gone), full: probe(full) },
    nowMs: () => clock.now,
    probeEveryMs: { gone: 1, full: 1 },
  });
  const words = (): string[] => lines.map(({ msg, times, because }) => `${msg} (${times}, ${because})`);
  return { log, outages, clock, lines, words };
}

test("a thousand lines with the same outage, by whatever log, are one a minute, without a stack", () => {
  const { log, outages, clock, lines, words } = start();
  const engineLog = quietly(log, outages);
  for (let n = 0; n < 1_000; n++, clock.now += 61) {
    engineLog.warn({ err: gone }, "leases could not be renewed");
    log.child({ reqId: n }).error({ err: new Error("made of it", { cause: gone }) }, "a request failed");
  }
  expect(words()).toEqual([
    "the database does not answer; it is asked again and again (1, the words of ECONNREFUSED)",
    expect.stringMatching(/again and again \(1968, /),
  ]);
  expect(JSON.stringify(lines)).not.toContain("stack");
  outages.stop();
});

test("a database that is gone and a full disk are two things", () => {
  const { outages, words } = start();
  for (const error of [gone, full, gone, full]) expect(outages.met(error)).toBe(true);
  expect(words()).toHaveLength(2);
  expect([outages.isOn("gone"), outages.isOn("full")]).toEqual([true, true]);
  outages.stop();
});

test("it is asked until it is over, which is said once", async () => {
  let isOver = false;
  const { outages, words } = start(() => isOver);
  outages.met(full);
  await sleep(20);
  expect(outages.isOn("full")).toBe(true);
  isOver = true;
  while (outages.isOn("full")) await sleep(1);
  expect(words()).toEqual([
    expect.stringContaining("the database's disk is full"),
    expect.stringContaining("the database's disk has room again"),
  ]);
});

test("what is no outage is logged as it is", () => {
  const { log, outages, words } = start();
  expect(outages.met(new TypeError("x is undefined"))).toBe(false);
  quietly(log, outages).error({ err: new TypeError("x is undefined") }, "a request failed");
  log.info("started");
  expect(words()).toEqual(["a request failed (undefined, undefined)", "started (undefined, undefined)"]);
});
