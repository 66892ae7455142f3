import type { LoggerOptions } from "pino";
import { isDatabaseGone } from "../store/is-database-gone.ts";
import { outageOf, type Outage } from "../store/outage.ts";
import type { Log } from "./log.ts";
import { createTrouble, type Trouble } from "./trouble.ts";

/** What this process knows of its database's being away or full. */
export type Outages = {
  /**
   * Whether an error means that the database is gone or its disk full. It is said here then, once a minute and without
   * stacks, however many meet it, and it is not the caller's to log.
   */
  readonly met: (error: unknown) => boolean;
  /** Since somebody met it, until it was seen to be over. */
  readonly isOn: (outage: Outage) => boolean;
  readonly stop: () => void;
};

type Options = {
  readonly log: Log;
  /** Asks whether an outage is over; rejects while it isn't. */
  readonly probes: Readonly<Record<Outage, () => Promise<void>>>;
  readonly nowMs?: () => number;
  readonly probeEveryMs?: Readonly<Record<Outage, number>>;
};

const usualMs = { gone: 1_000, full: 5_000 };
const lines = {
  gone: ["the database does not answer; it is asked again and again", "the database answers again"],
  full: ["the database's disk is full: nothing new is taken until there is room", "the database's disk has room again"],
} as const;

export function createOutages({
  log,
  probes,
  nowMs = () => performance.now(),
  probeEveryMs = usualMs,
}: Options): Outages {
  const because: Record<Outage, string> = { gone: "", full: "" };
  const timers = new Set<NodeJS.Timeout>();
  let isStopped = false;
  const troubleOf = (outage: Outage): Trouble =>
    createTrouble(
      {
        say: (times) => log.error({ times, because: because[outage] }, lines[outage][0]),
        sayOver: (seconds, times) => log.info({ times, seconds }, lines[outage][1]),
      },
      nowMs,
    );
  const troubles = { gone: troubleOf("gone"), full: troubleOf("full") };

  const probeLater = (outage: Outage): void => {
    if (isStopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      probes[outage]().then(
        () => troubles[outage].over(),
        (error: unknown) => {
          // whoever may not write what the probe writes learns nothing by it
          if (outage === "full" && outageOf(error) === null) troubles.full.over();
          else probeLater(outage);
        },
      );
    }, probeEveryMs[outage]);
    timer.unref();
    timers.add(timer);
  };

  return {
    met: (error) => {
      const outage = outageOf(error);
      if (outage === null) return false;
      because[outage] = reasonOf(error);
      const isNew = !troubles[outage].isOn();
      troubles[outage].met();
      if (isNew) probeLater(outage);
      return true;
    },
    isOn: (outage) => troubles[outage].isOn(),
    stop: () => {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** A log that leaves outages to them: any line whose error is one. */
export function quietly(log: Log, outages: Pick<Outages, "met">): Log {
  const unlessMet =
    (level: keyof Log) =>
    (particulars: object, words: string): void => {
      if (!("err" in particulars) || !outages.met(particulars.err)) log[level](particulars, words);
    };
  return { debug: unlessMet("debug"), info: unlessMet("info"), warn: unlessMet("warn"), error: unlessMet("error") };
}

/** The same for pino, and so for whatever logs by it: lines whose error is an outage are left out. */
export function withoutOutages(outages: () => Pick<Outages, "met">): NonNullable<LoggerOptions["hooks"]> {
  return {
    logMethod(args, method) {
      const [particulars] = args as readonly unknown[];
      const isMet =
        typeof particulars === "object" &&
        particulars !== null &&
        "err" in particulars &&
        outages().met(particulars.err);
      if (!isMet) method.apply(this, args);
    },
  };
}

/** Where every address of a host refused, the first's words. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors.find(isDatabaseGone));
  return error instanceof Error ? error.message : String(error);
}
