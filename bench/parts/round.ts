import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { cpuSeconds, postgresCpuSeconds } from "./spent.ts";
import type { Side, Stage } from "./stage.ts";

export type RoundOptions = {
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Requests at any time, over all processes. */
  readonly inFlight: number;
  /** Events that were answered and have not reached the vendor; with more, the load waits. */
  readonly owedMax: number;
  readonly body: string;
  readonly leads: readonly number[];
  /** Looked at while the load runs, in the middle of the measured time. */
  readonly look?: () => Promise<void>;
};

/** Per second at the vendor; microseconds of processor time and bytes a delivery. */
export type Round = {
  readonly deliveries_per_s: number;
  readonly app_cpu_us: number;
  readonly postgres_cpu_us: number;
  readonly load_cpu_us: number;
  readonly sink_cpu_us: number;
  readonly wal_bytes: number;
  readonly disk_bytes: number;
};

/**
 * Loads one side as hard as it takes, and counts at its vendor between two moments. Fails when something accepted does
 * not arrive or arrives twice.
 */
export async function measureRound(stage: Stage, side: Side, options: RoundOptions): Promise<Round> {
  const { admin, generator } = stage;
  // or a checkpoint that one side earned falls into the other's round
  await admin.query("checkpoint");
  const before = await side.sink.count();
  const [wal, size] = [await walPosition(admin), await databaseSize(side.database)];
  const { inFlight, owedMax, body, leads } = options;
  generator.start({ targets: side.targets, inFlight, owedMax, sinkPort: side.sink.port, body, leads });
  await sleep(options.warmUpSeconds * 1000);
  const look = async () => ({
    at: performance.now(),
    count: await side.sink.count(),
    app: side.pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0),
    postgres: postgresCpuSeconds(stage.postmaster),
    load: cpuSeconds(generator.pid),
    sink: cpuSeconds(side.sink.pid),
  });
  const from = await look();
  await sleep(options.seconds * 500);
  await options.look?.();
  await sleep(options.seconds * 500);
  const to = await look();
  const { sent, refused } = await generator.stop();
  if (Object.keys(refused).length > 0) throw new Error(`refused, by status: ${JSON.stringify(refused)}`);
  await arrived(side, before + sent);
  const delivered = to.count - from.count;
  const microseconds = (what: "app" | "postgres" | "load" | "sink"): number =>
    Math.round(((to[what] - from[what]) / delivered) * 1e6);
  return {
    deliveries_per_s: Math.round((delivered / (to.at - from.at)) * 1000),
    app_cpu_us: microseconds("app"),
    postgres_cpu_us: microseconds("postgres"),
    load_cpu_us: microseconds("load"),
    sink_cpu_us: microseconds("sink"),
    wal_bytes: Math.round(((await walPosition(admin)) - wal) / sent),
    disk_bytes: Math.round(((await databaseSize(side.database)) - size) / sent),
  };
}

/** Rounds of every side in turn: A B C, A B C, …; shows each as it ends. */
export async function inTurn<Name extends string, One>(
  names: readonly Name[],
  count: number,
  measure: (name: Name) => Promise<One>,
): Promise<Record<Name, One[]>> {
  const rounds = Object.fromEntries(names.map((name) => [name, [] as One[]])) as Record<Name, One[]>;
  for (let number = 1; number <= count; number++)
    for (const name of names) {
      const one = await measure(name);
      process.stderr.write(`${number}/${count} ${name} ${JSON.stringify(one)}\n`);
      rounds[name].push(one);
    }
  return rounds;
}

async function arrived({ sink }: Side, count: number): Promise<void> {
  const until = Date.now() + 60_000;
  while ((await sink.count()) < count && Date.now() < until) await sleep(50);
  await sleep(500); // what was delivered is settled
  const came = await sink.count();
  if (came !== count) throw new Error(`the vendor has ${came} deliveries, and ${count} events were accepted`);
}

async function walPosition(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ at: string }>("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as at");
  return Number(rows[0]!.at);
}

async function databaseSize(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ size: string }>("select pg_database_size(current_database()) as size");
  return Number(rows[0]!.size);
}
