import { randomBytes } from "node:crypto";
import pg from "pg";
import { startBareLoop, startLoadGenerator, startSink, type LoadGenerator, type Sink } from "./processes.ts";
import { withDatabase, type ThrowAway } from "./throw-away-database.ts";

/** One PostgreSQL with its usual settings, one load generator, and whoever is measured in turn on them. */
export type Stage = ThrowAway & {
  readonly admin: pg.Pool;
  /** Process id of the PostgreSQL server. */
  readonly postmaster: number;
  readonly generator: LoadGenerator;
  /** Of a database on that server, made when it is not there. */
  readonly urlOf: (name: string) => Promise<string>;
  /** PATCHBAY_SECRET_KEY of every process. */
  readonly secretKey: string;
};

export async function withStage(work: (stage: Stage) => Promise<void>): Promise<void> {
  await withDatabase(async (database, all) => {
    const admin = new pg.Pool({ ...all.server.superuser, max: 2 });
    await using generator = startLoadGenerator();
    try {
      const { rows } = await admin.query<{ file: string }>("select pg_read_file('postmaster.pid') as file");
      await work({
        ...all,
        admin,
        postmaster: Number.parseInt(rows[0]!.file, 10),
        generator,
        urlOf: async (name) => {
          const { rowCount } = await admin.query("select from pg_database where datname = $1", [name]);
          if (rowCount === 0) await admin.query(`create database ${name} owner patchbay`);
          const { user, password, host } = all.server.connection;
          return `postgresql://${user}:${password}@localhost/${name}?host=${encodeURIComponent(host)}`;
        },
        secretKey: randomBytes(32).toString("base64"),
      });
    } finally {
      await admin.end();
    }
  });
}

/** Who is measured: processes that take events on a database and deliver them to a vendor. */
export type Side = AsyncDisposable & {
  readonly targets: readonly {
    readonly port: number;
    readonly path: string;
    readonly headers: Record<string, string>;
  }[];
  readonly sink: Sink;
  /** Of its processes, without PostgreSQL's. */
  readonly pids: readonly number[];
  readonly database: pg.Pool;
};

/** The yardstick, on a database of its own. Its vendor is a sink, or who is named by the port. */
export async function openYardstick(stage: Stage, vendorPort?: number): Promise<Side> {
  const url = await stage.urlOf("bare");
  const sink = await startSink();
  const bare = await startBareLoop(url, vendorPort ?? sink.port);
  const database = new pg.Pool({ connectionString: url, max: 1 });
  return {
    targets: [{ port: bare.port, path: "/event", headers: {} }],
    sink,
    pids: [bare.pid],
    database,
    [Symbol.asyncDispose]: async () => {
      await database.end();
      await Promise.all([bare[Symbol.asyncDispose](), sink[Symbol.asyncDispose]()]);
    },
  };
}
