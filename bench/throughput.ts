// Deliveries a second, at the vendor: events told over HTTP one by one, each decided on by a workflow, mapped, delivered
// and logged; against the yardstick, which has the same load, vendor machine and database server. Spec 7: at least half
// of it. Both sides run the whole time, and get their rounds in turn: yardstick, dispositions, own events, yardstick, …
import pg from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { startPatchbay } from "../test/patchbay-process.ts";
import { busyAccount, eventBody, tenFields, type EventKind } from "./busy-account.ts";
import { flags } from "./flags.ts";
import type { Target } from "./http-load.ts";
import { startBareLoop, startLoadGenerator, startSink, type Sink } from "./processes.ts";
import { median, medians, record, rounded } from "./record.ts";
import { cpuSeconds, postgresCpuSeconds } from "./spent.ts";
import { withDatabase } from "./throw-away-database.ts";

const options = flags({
  rounds: 5,
  seconds: 12,
  "warm-up": 4,
  connections: 64,
  concurrency: 128,
  leads: 20_000,
  owed: 2_000,
  events: "call.dispositioned,x.sale",
});
const kinds = options.events.split(",") as EventKind[];

type Side = {
  readonly target: Target;
  readonly sink: Sink;
  readonly pid: number;
  readonly database: pg.Pool;
  readonly body: string;
  readonly leads: readonly number[];
};

await withDatabase(async (db, { server, dataFolder }) => {
  const admin = new pg.Pool({ ...server.superuser, max: 1 });
  await admin.query("create database bare owner patchbay");
  const { user, password, host } = server.connection;
  const bareUrl = `postgresql://${user}:${password}@localhost/bare?host=${encodeURIComponent(host)}`;
  const bareDatabase = new pg.Pool({ connectionString: bareUrl, max: 1 });
  const postmaster = Number((await admin.query<{ pid: string }>("select split_part(pg_read_file('postmaster.pid'), E'\n', 1) as pid")).rows[0]!.pid); // prettier-ignore

  await using bareSink = await startSink();
  await using bare = await startBareLoop(bareUrl, bareSink);
  await using sink = await startSink();
  await using patchbay = await startPatchbay({
    environment: { PATCHBAY_DATA: dataFolder, PATCHBAY_ALLOW_HOSTS: `127.0.0.1:${sink.port}` },
  });
  await using generator = startLoadGenerator();

  const account = await busyAccount(db, options.leads);
  const add = (path: string, body: object) => account.add(patchbay.url, path, body);
  const adaptor = await add("/api/adaptors", { name: "Ten fields", fields: tenFields });
  const connect = await add("/api/connects", {
    name: "Vendor",
    api_url: `http://127.0.0.1:${sink.port}/leads`,
    request_method: "POST",
    adaptor_id: adaptor.id,
    concurrency: options.concurrency,
  });
  const action_sets = [{ actions: [{ type: "integration", connect_id: connect.id }] }];
  const relation = { kind: "campaign", of: [account.campaignId] };
  const onSale = [{ type: "disposition", statuses: ["SALE"] }];
  await add("/api/workflows", { name: "A sale", relation, events: onSale, action_sets });
  const onOwn = [{ type: "happened", types: ["x.sale"] }];
  await add("/api/workflows", { name: "A sale of our own", relation, events: onOwn, action_sets });

  const sideOf = (kind: EventKind | "yardstick"): Side => {
    const shape = kind === "yardstick" ? kinds[0]! : kind;
    const common = {
      body: eventBody(shape, account.campaignId),
      leads: shape === "x.sale" ? account.leads.long : account.leads.short,
    };
    if (kind === "yardstick")
      return {
        ...common,
        target: { port: bare.port, path: "/event", headers: {} },
        sink: bareSink,
        pid: bare.pid,
        database: bareDatabase,
      };
    return {
      ...common,
      target: {
        port: Number(new URL(patchbay.url).port),
        path: "/v1/events",
        headers: { authorization: `Bearer ${account.secret}` },
      },
      sink,
      pid: patchbay.pid,
      database: db.pool,
    };
  };

  const round = async (side: Side) => {
    // or a checkpoint that one side earned falls into the other's round
    await admin.query("checkpoint");
    const before = await side.sink.count();
    const [wal, size] = [await walPosition(admin), await databaseSize(side.database)];
    generator.start({
      target: side.target,
      inFlight: options.connections,
      owedMax: options.owed,
      sinkPort: side.sink.port,
      body: side.body,
      leads: side.leads,
    });
    await sleep(options["warm-up"] * 1000);
    const look = async () => ({
      at: performance.now(),
      count: await side.sink.count(),
      app: cpuSeconds(side.pid),
      postgres: postgresCpuSeconds(postmaster),
      load: cpuSeconds(generator.pid),
      sink: cpuSeconds(side.sink.pid),
    });
    const from = await look();
    await sleep(options.seconds * 1000);
    const to = await look();
    const { sent, refused } = await generator.stop();
    if (Object.keys(refused).length > 0) throw new Error(`refused: ${JSON.stringify(refused)}`);
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
  };
  type Round = Awaited<ReturnType<typeof round>>;

  try {
    const names = ["yardstick", ...kinds] as const;
    const sides = new Map(names.map((name) => [name, sideOf(name)]));
    const rounds = new Map<string, Round[]>(names.map((name) => [name, []]));
    for (let number = 0; number < options.rounds; number++)
      for (const [name, side] of sides) {
        const done = await round(side);
        process.stderr.write(`${name} ${JSON.stringify(done)}\n`);
        rounds.get(name)!.push(done);
      }
    const yardstick = rounds.get("yardstick")!;
    const ratios = (name: string): number[] =>
      rounds.get(name)!.map((one, at) => rounded(one.deliveries_per_s / yardstick[at]!.deliveries_per_s));
    record("throughput", {
      load: `${options.connections} requests in flight, one event of ${sideOf(kinds[0]!).body.length} bytes each; ${options.owed} owed at most; the vendor answers at once with 1 KB`,
      connect: `order per lead, concurrency ${options.concurrency}, ${options.leads} leads, ten rows`,
      rounds: `${options.rounds} of ${options.seconds} s after ${options["warm-up"]} s, in turn; medians; microseconds and bytes are a delivery's`,
      bar: "at least 0.5 of the yardstick",
      ratio: Object.fromEntries(kinds.map((kind) => [kind, median(ratios(kind))])),
      ratios: Object.fromEntries(kinds.map((kind) => [kind, ratios(kind)])),
      ...Object.fromEntries([...rounds].map(([name, all]) => [name, medians(all)])),
      tables_bytes_per_delivery: await tablesPerDelivery(db.pool),
    });
    if (kinds.some((kind) => median(ratios(kind)) < 0.5)) process.exitCode = 1;
  } finally {
    await Promise.all([admin.end(), bareDatabase.end()]);
  }
});

/** Everything that was accepted reaches the vendor, once. */
async function arrived({ sink }: Side, count: number): Promise<void> {
  const until = Date.now() + 60_000;
  while ((await sink.count()) < count && Date.now() < until) await sleep(50);
  const came = await sink.count();
  if (came !== count) throw new Error(`the vendor has ${came} deliveries, and ${count} events were accepted`);
  await sleep(500); // what was delivered is settled
}

async function walPosition(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ at: string }>("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as at");
  return Number(rows[0]!.at);
}

async function databaseSize(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ size: string }>("select pg_database_size(current_database()) as size");
  return Number(rows[0]!.size);
}

/** What the tables and their indexes have come to, by the delivery; a table of partitions in one line. */
async function tablesPerDelivery(db: pg.Pool): Promise<Record<string, number>> {
  const { rows } = await db.query<{ name: string; bytes: number }>(
    `select coalesce(i.inhparent::regclass, c.oid::regclass)::text as name,
       round(sum(pg_total_relation_size(c.oid)) / (select count(*) from deliveries))::int as bytes
     from pg_class c left join pg_inherits i on i.inhrelid = c.oid
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
     group by 1 having sum(pg_total_relation_size(c.oid)) > 10000000 order by 2 desc`,
  );
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]));
}
