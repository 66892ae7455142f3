import { join } from "node:path";
import pg from "pg";
import { openDataFolder, type DataFolder } from "./data-folder.ts";
import { checkDatabase, openDatabase, type Database } from "./database.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "./embedded-postgres.ts";
import { migrate } from "./migrate.ts";
import { openSecretBox } from "./open-secret-box.ts";
import type { SecretBox } from "./secret-box.ts";

export type Store = {
  readonly database: Database;
  /** The same, for events, leads and deliveries on their way: nobody's search in the logs keeps them waiting. */
  readonly queue: Database;
  readonly secretBox: SecretBox;
  /** For the person who starts it: where the data is. */
  readonly place: string;
  /** The same: whom the embedded PostgreSQL runs as, in words; absent: as ourselves, or it isn't ours. */
  readonly runsAs?: string | null;
  /** Folders on the disks that the embedded database fills; absent: it is another one, whose disks can't be seen. */
  readonly onDisks?: readonly string[];
  /** Names of the migrations applied just now. */
  readonly migrated: readonly string[];
  /** Closes the pools and leaves the embedded server, which the last process to leave stops. */
  readonly close: () => Promise<void>;
};

type Options = {
  readonly databaseUrl: string | null;
  readonly dataFolder: string;
  readonly secretKey: Uint8Array | null;
  readonly connectionsMax?: number;
  /** Told in words what the person who started it may want to know. */
  readonly say: (line: string) => void;
};

/**
 * Everything kept: the database (the operator's own, or the embedded one, brought up when no process has yet), its schema
 * of today and the key of its secrets. Any number of processes may do this at once. Throws StartRefused.
 */
export async function openStore(options: Options): Promise<Store> {
  const { databaseUrl, say } = options;
  let folder: DataFolder | null = null;
  const dataFolder = (): DataFolder => {
    folder ??= openDataFolder(options.dataFolder, databaseUrl === null);
    return folder;
  };
  const embedded = databaseUrl === null ? await bringUp(dataFolder(), say) : null;
  const pool = {
    ...(options.connectionsMax === undefined ? {} : { connectionsMax: options.connectionsMax }),
    onIdleError: () => {}, // whoever queries next learns of it
  };
  const connection = embedded?.connection ?? { connectionString: databaseUrl ?? "" };
  const database = openDatabase(connection, pool);
  const queue = openDatabase(connection, { ...pool, alongIndexes: true });
  const close = async (): Promise<void> => {
    await Promise.all([queue.close(), database.close()]);
    await embedded?.stop();
  };
  try {
    if (embedded === null) await checkDatabase(database);
    const migrated = await migrate(database);
    const secretBox = await openSecretBox(database, options.secretKey, () => dataFolder().path);
    const place = embedded === null ? describe(databaseUrl ?? "") : dataFolder().path;
    const runsAs = embedded === null ? null : dataFolder().ownerWords;
    const onDisks = embedded === null ? [] : disksOf(dataFolder());
    return { database, queue, secretBox, place, runsAs, onDisks, migrated, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function bringUp(folder: DataFolder, say: (line: string) => void): Promise<EmbeddedPostgres> {
  for (const sentence of folder.news) say(sentence);
  return await startEmbeddedPostgres(folder, { say });
}

/** An operator may have put the write-ahead log on a disk of its own. */
function disksOf(folder: DataFolder): readonly string[] {
  const cluster = join(folder.path, "postgres", "cluster");
  return [cluster, join(cluster, "pg_wal")];
}

/** The operator's database without its password. */
function describe(databaseUrl: string): string {
  const { host, port, database } = new pg.Client({ connectionString: databaseUrl });
  return `PostgreSQL at ${host.startsWith("/") ? host : `${host}:${port}`}, database ${database ?? ""}`;
}
