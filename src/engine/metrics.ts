import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Database } from "../store/database.ts";
import { estimateOwed, queueCountMax, queueDepths, type QueueDepth } from "../store/queue-depths.ts";
import type { DiskRoom, Room } from "./room.ts";
import type { TalliedAttempt } from "./tally.ts";

export type Metrics = {
  /** An attempt of a delivery that is no test ended and was written. */
  readonly note: (attempt: TalliedAttempt) => void;
  /** So many requests were accepted, or ended attempts settled, in one transaction. */
  readonly batch: (kind: "accept" | "settle", size: number) => void;
  /** As Prometheus reads it (text format 0.0.4). `only`: without what other accounts' series tell. */
  readonly text: (only?: TalliedAttempt["accountId"]) => Promise<string>;
  readonly contentType: string;
  readonly stop: () => void;
};

/** The loop is looked at 20 times a second: finer costs an idle process a third of a per cent of a core, and tells no more. */
const loopSampleMs = 50;
/** Scrapes go on without the database. */
const databaseWaitMs = 3_000;

/**
 * What this process did since it started, and what all of them owe, in the words of docs/metrics.md.
 * @param pools whose connections count.
 * @param room absent: nothing is told of the disk.
 */
export function createMetrics(
  db: Database,
  pools: readonly Database[],
  room?: Pick<Room, "disk" | "refusal">,
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const ofConnect = ["account", "connect"] as const;
  const deliveries = new Counter({
    name: "patchbay_deliveries_total",
    help: "Deliveries settled by this process after an attempt, by outcome",
    labelNames: [...ofConnect, "outcome"],
    registers,
  });
  const retries = new Counter({
    name: "patchbay_attempts_unsettled_total",
    help: "Attempts after which the delivery is still owed: it goes again, or is held",
    labelNames: [...ofConnect, "end"],
    registers,
  });
  const durations = new Histogram({
    name: "patchbay_attempt_duration_seconds",
    help: "How long attempts took, from looking up the address to the last byte read, all their calls together",
    labelNames: ofConnect,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    registers,
  });
  const batches = new Histogram({
    name: "patchbay_batch_size",
    help: "How many requests were accepted, or ended attempts settled, in one transaction",
    labelNames: ["kind"],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers,
  });
  const stopWatchingLoop = watchLoop(registers);
  watchPools(pools, registers);
  if (room !== undefined) watchRoom(room, registers);
  const lookAtQueues = watchQueues(db, registers);

  return {
    note: ({ accountId, connectId, end, durationMs, timing }) => {
      const labels = { account: accountId, connect: connectId };
      if (end === "again" || end === "held") retries.inc({ ...labels, end });
      else deliveries.inc({ ...labels, outcome: end });
      if (timing !== null) durations.observe(labels, durationMs / 1000);
    },
    batch: (kind, size) => batches.observe({ kind }, size),
    text: async (only) => {
      await lookAtQueues();
      const text = await registry.metrics();
      return only === undefined ? text : withoutOthers(text, String(only));
    },
    contentType: registry.contentType,
    stop: stopWatchingLoop,
  };
}

const owedEstimate = "patchbay_owed_estimate";

/** Label values are ids of ours, so a line's account can be read off it. */
function withoutOthers(text: string, account: string): string {
  return text
    .split("\n")
    .filter((line) => line.startsWith("#") || (/[{,]account="(\d+)"/.exec(line)?.[1] ?? account) === account)
    .filter((line) => !line.startsWith(`${owedEstimate} `))
    .join("\n");
}

/** How late this process's timers were since it was last asked. */
function watchLoop(registers: Registry[]): () => void {
  const delay = monitorEventLoopDelay({ resolution: loopSampleMs });
  delay.enable();
  const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - loopSampleMs / 1e3);
  void new Gauge({
    name: "patchbay_event_loop_lag_seconds",
    help: "How late timers of this process were since the scrape before",
    labelNames: ["quantile"],
    registers,
    collect() {
      if (delay.count > 0) {
        this.set({ quantile: "0.5" }, seconds(delay.percentile(50)));
        this.set({ quantile: "0.99" }, seconds(delay.percentile(99)));
        this.set({ quantile: "1" }, seconds(delay.max));
      }
      delay.reset();
    },
  });
  return () => delay.disable();
}

const sumOf = (databases: readonly Database[], count: (database: Database) => number): number =>
  databases.reduce((sum, database) => sum + count(database), 0);

function watchPools(databases: readonly Database[], registers: Registry[]): void {
  void new Gauge({
    name: "patchbay_database_pool_connections",
    help: "Connections of this process to the database that are open (total), of them idle, and requests waiting for one",
    labelNames: ["state"],
    registers,
    collect() {
      this.set(
        { state: "total" },
        sumOf(databases, ({ pool }) => pool.totalCount),
      );
      this.set(
        { state: "idle" },
        sumOf(databases, ({ pool }) => pool.idleCount),
      );
      this.set(
        { state: "waiting" },
        sumOf(databases, ({ pool }) => pool.waitingCount),
      );
    },
  });
}

function watchRoom(room: Pick<Room, "disk" | "refusal">, registers: Registry[]): void {
  void new Gauge({
    name: "patchbay_refuses_new_work",
    help: "1: the disk has no room, and new leads, events and other new work are refused; 0: they are taken",
    registers,
    collect() {
      this.set(room.refusal() === null ? 0 : 1);
    },
  });
  const ofDisk = (name: string, help: string, bytesOf: (disk: DiskRoom) => number): void => {
    const gauge = new Gauge({
      name,
      help: `${help}; absent where it can't be seen`,
      labelNames: ["disk"],
      registers,
      collect() {
        const disk = room.disk();
        gauge.reset();
        if (disk !== null) gauge.set({ disk: "database" }, bytesOf(disk));
      },
    });
  };
  ofDisk("patchbay_disk_free_bytes", "Free on the fullest disk of the database", ({ freeBytes }) => freeBytes);
  ofDisk("patchbay_disk_free_min_bytes", "Below so much new work is refused", ({ wantedBytes }) => wantedBytes);
}

/** The queues of all processes, as the database has them; scrapes at the same time share one look. */
function watchQueues(db: Database, registers: Registry[]): () => Promise<void> {
  const up = new Gauge({
    name: "patchbay_database_up",
    help: "1: the database told the queues in time for this scrape; 0: they are left out",
    registers,
  });
  const labelNames = ["account", "connect", "state"] as const;
  const depth = new Gauge({
    name: "patchbay_queue_deliveries",
    help: `Deliveries owed, counted up to ${queueCountMax.ofAll} of each connect and state`,
    labelNames,
    registers,
  });
  const age = new Gauge({
    name: "patchbay_queue_oldest_age_seconds",
    help: "How long ago the oldest of them was planned",
    labelNames,
    registers,
  });
  const estimate = new Gauge({
    name: owedEstimate,
    help: "All that is owed, of all accounts, as the database estimates it",
    registers,
  });
  const show = (depths: readonly QueueDepth[]): void => {
    const now = Date.now();
    for (const { accountId, connectId, waiting, sending, held } of depths) {
      const of = { account: accountId, connect: connectId };
      depth.set({ ...of, state: "sending" }, sending);
      for (const [state, queue] of Object.entries({ waiting, held })) {
        depth.set({ ...of, state }, queue.count);
        if (queue.oldestAt !== null) age.set({ ...of, state }, Math.max(0, now - queue.oldestAt.getTime()) / 1000);
      }
    }
  };
  const look = async (): Promise<void> => {
    const found = await within(databaseWaitMs, Promise.all([queueDepths(db), estimateOwed(db)])).catch(() => null);
    // an estimate of the moment before is worth more than none
    for (const gauge of [depth, age]) gauge.reset();
    up.set(found === null ? 0 : 1);
    if (found === null) return;
    estimate.set(found[1]);
    show(found[0]);
  };
  let looking: Promise<void> | null = null;
  return () => (looking ??= look().finally(() => (looking = null)));
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
