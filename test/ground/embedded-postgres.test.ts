import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { openDataFolder } from "../../src/store/data-folder.ts";
import { openDatabase, whenDatabaseIsBack, type Database } from "../../src/store/database.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../src/store/embedded-postgres.ts";
import { spaceProblem, walSize } from "../../src/store/postgres-cluster.ts";
import { killServerOf, mountSmallDisk, nextServerPid, serverPid, temporaryFolder } from "./places.ts";

const folder = temporaryFolder();
const start = (name: string): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres(openDataFolder(resolve(folder, name), true));
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

async function withDatabase<T>(server: EmbeddedPostgres, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase(server.connection);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

describe("a data folder's life", () => {
  const data = join(folder, "life");

  test("the first start makes folder, password and database, closed to others", async () => {
    const server = await start("life");
    expect(server.found).toBe("new");
    expect([modeOf(data), modeOf(join(data, "postgres/password")), modeOf(join(data, "postgres/cluster"))]).toEqual([
      "700",
      "600",
      "700",
    ]);
    await withDatabase(server, async (database) => {
      await database.query("create table kept (word text)");
      await database.query("insert into kept values ('still here')");
      const { rows } = await database.query("select current_user, usesuper from pg_user where usename = current_user");
      expect(rows).toEqual([{ current_user: "patchbay", usesuper: false }]);
      const settings = await database.query(
        "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses') order by 1",
      );
      expect(settings.rows.map((row: { setting: string }) => row.setting)).toEqual(["on", "on", "", "on"]);
    });
    await server.stop();
    expect(existsSync(join(data, "postgres/cluster/postmaster.pid"))).toBe(false);
  });

  test("the second start finds what was kept", async () => {
    const server = await start("life");
    expect(server.found).toBe("stopped");
    await withDatabase(server, async (database) => {
      expect((await database.query("select word from kept")).rows).toEqual([{ word: "still here" }]);
    });
    await server.stop();
  });

  test("nobody gets in without the password", async () => {
    const server = await start("life");
    for (const password of ["", "wrong"]) {
      const client = new pg.Client({ ...server.connection, password });
      await expect(client.connect()).rejects.toThrow(/password|SASL/);
    }
    await server.stop();
  });
});

test("a second process shares the server, and only the last to leave stops it", async () => {
  const first = await start("shared");
  const second = await start("shared");
  expect(second.found).toBe("adopted");
  await first.stop();
  await withDatabase(second, async (database) => {
    expect((await database.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });
  await second.stop();
  expect(existsSync(join(folder, "shared/postgres/cluster/postmaster.pid"))).toBe(false);
});

async function startAndStop(): Promise<number> {
  const server = await start("busy");
  const one = await withDatabase(server, async (database) => (await database.query("select 1 as one")).rowCount ?? 0);
  await server.stop();
  return one;
}

test("many that start, stop and start again at once never get in each other's way", async () => {
  const ones = await Promise.all([
    startAndStop(),
    startAndStop().then(startAndStop),
    startAndStop().then(startAndStop),
  ]);
  expect(ones).toEqual([1, 1, 1]);
  expect(existsSync(join(folder, "busy/postgres/cluster/postmaster.pid"))).toBe(false);
});

test("PostgreSQL that is killed comes back by itself, with all that was committed", async () => {
  const server = await start("killed");
  const data = join(folder, "killed");
  let pid = serverPid(data);
  await withDatabase(server, async (database) => {
    await database.query("create table kept (number integer primary key)");
    const patience = AbortSignal.timeout(18_000);
    for (const round of [1, 2, 3]) {
      await whenDatabaseIsBack(
        () => database.query("insert into kept values ($1) on conflict do nothing", [round]),
        patience,
      );
      process.kill(pid, "SIGKILL");
      pid = await nextServerPid(data, pid);
      const { rows } = await whenDatabaseIsBack(
        () => database.query<{ count: number }>("select count(*) as count from kept"),
        patience,
      );
      expect(rows).toEqual([{ count: round }]);
    }
  });
  await server.stop();
});

test("what a killed server left running is waited for, even without its lock file", async () => {
  const server = await start("left");
  const data = join(folder, "left");
  const pid = serverPid(data);
  const client = new pg.Client(server.connection);
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const left = rows[0]?.pid ?? 0;
  // pure work: it doesn't notice that its server died before it is done
  const ended = client.query("select count(*) from generate_series(1, 20000000)").catch(() => "cut off");
  while (stateOf(left) !== "R") await sleep(1);
  process.kill(pid, "SIGKILL");
  rmSync(join(data, "postgres/cluster/postmaster.pid"));
  await nextServerPid(data, pid);
  expect(["none", "Z"]).toContain(stateOf(left));
  await ended;
  await server.stop();
});

describe.runIf(process.platform === "linux")("a killed server's lock files are no obstacle when its process id", () => {
  test.each([
    ["belongs to a dead process that nobody reaps", "postgres", "0.5", "Z"],
    ["is now another program's", "other", "600", "S"],
    ["is now another database's", "postgres", "600", "S"],
  ])("%s", async (words, name, seconds, state) => {
    const data = join(folder, words.slice(0, 20));
    const dead = await start(data);
    const locks = ["cluster/postmaster.pid", "run/.s.PGSQL.5432.lock"].map((lock) => join(data, "postgres", lock));
    const written = locks.map((lock) => readFileSync(lock, "utf8"));
    await dead.stop();

    const program = join(mkdirSync(join(folder, `${words}, programs`), { recursive: true }) ?? "", name);
    symlinkSync("/bin/sleep", program);
    // as the database's user: PostgreSQL itself takes no notice of others' processes
    const { uid, gid } = statSync(join(data, "postgres"));
    const script = '"$1" "$2" & echo $!; exec sleep 600'; // what became of the shell reaps nobody
    const parent = spawn("/bin/sh", ["-c", script, "sh", program, seconds], {
      uid, gid, stdio: ["ignore", "pipe", "inherit"],
    }); // prettier-ignore
    const [said] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(said);
    try {
      while (stateOf(pid) !== state) await sleep(10);
      for (const [at, lock] of locks.entries()) writeFileSync(lock, (written[at] ?? "").replace(/^\d+/, String(pid)));
      const server = await start(data);
      expect(server.found).toBe("stopped");
      await server.stop();
    } finally {
      process.kill(pid);
      parent.kill();
    }
  });
});

/** R: running, Z: dead and not yet reaped, none: gone (proc_pid_stat(5)). */
function stateOf(pid: number): string {
  try {
    return /\) (.)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1] ?? "none";
  } catch {
    return "none";
  }
}

/** A stopped server's folder. */
async function cluster(name: string): Promise<string> {
  await (await start(name)).stop();
  return join(folder, name, "postgres");
}

describe("is refused in words", () => {
  test("a database of a newer PostgreSQL", async () => {
    writeFileSync(join(await cluster("newer"), "cluster/PG_VERSION"), "99\n");
    await expect(start("newer")).rejects.toThrow(
      /was made by PostgreSQL 99; this Patchbay brings PostgreSQL \d+\. Start the newer/,
    );
  });

  test("a database of an older PostgreSQL", async () => {
    writeFileSync(join(await cluster("older"), "cluster/PG_VERSION"), "14\n");
    await expect(start("older")).rejects.toThrow(/was made by PostgreSQL 14.*doesn't convert it/);
  });

  test("a password that isn't the database's", async () => {
    writeFileSync(join(await cluster("password"), "password"), "another\n");
    await expect(start("password")).rejects.toThrow("isn't the database's. Restore the whole data folder");
    killServerOf(join(folder, "password"));
  });

  test("a damaged database", async () => {
    writeFileSync(join(await cluster("damaged"), "cluster/global/pg_control"), Buffer.alloc(8192));
    await expect(start("damaged")).rejects.toThrow(/is damaged\. Restore the data folder from a backup/);
  });

  test("a folder with somebody else's files, which keeps its owner and mode", () => {
    const home = join(folder, "home");
    mkdirSync(home, { mode: 0o755 });
    writeFileSync(join(home, "thesis.txt"), "mine");
    expect(() => openDataFolder(home, true)).toThrow(/holds files that aren't Patchbay's \(thesis\.txt\)/);
    expect([modeOf(home), statSync(home).uid]).toEqual(["755", process.getuid?.()]);
  });

  test("a file where the folder should be", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => openDataFolder(join(folder, "file"), false)).toThrow("isn't a folder");
    for (const hasDatabase of [false, true])
      expect(() => openDataFolder(join(folder, "file/below"), hasDatabase)).toThrow("isn't a folder");
  });

  test.runIf(existsSync("/proc/self"))("a place that takes no folders", () => {
    for (const path of ["/proc/patchbay", "/proc/self/patchbay/data", "/dev/null/data"])
      expect(() => openDataFolder(path, true)).toThrow(/takes no new folders|isn't a folder/);
  });

  test("too small a disk, before anything is made", () => {
    expect(spaceProblem({ bavail: 25_600, bsize: 4096 }, "/srv/data")).toMatch(
      /^The disk that holds \/srv\/data is full: 100 MB are free/,
    );
    expect(spaceProblem({ bavail: 256_000, bsize: 4096 }, "/srv/data")).toBeNull();
  });
});

test("on a small disk the write-ahead log grows no further than a tenth of it", () => {
  const sizes = [1, 64, 2_000, 1_000_000].map((gigabytes) => walSize({ blocks: gigabytes * 262_144, bsize: 4096 }));
  expect(sizes).toEqual(["102MB", "4096MB", "4096MB", "4096MB"]);
});

const canMount = mountSmallDisk(join(folder, "probe"), "1m");
if (canMount) execFileSync("umount", [join(folder, "probe")]);

describe.runIf(canMount)("on a disk that is full", () => {
  test("a first start is refused, and nothing half-made stays", async () => {
    const disk = join(folder, "small");
    mountSmallDisk(disk, "30m");
    await expect(start("small/data")).rejects.toThrow(/is full: \d+ MB are free and a new database needs 200 MB/);
    expect(existsSync(join(disk, "data/postgres"))).toBe(false);
    execFileSync("umount", [disk]);
  });

  test("a later start is refused, and goes on once there is room", async () => {
    const disk = join(folder, "later");
    mountSmallDisk(disk, "400m");
    await (await start("later/data")).stop();
    execFileSync("sh", ["-c", `cat /dev/zero > ${join(disk, "filler")} 2>/dev/null || true`]);
    await expect(start("later/data")).rejects.toThrow(/is full\. Free some space, then start again/);
    execFileSync("rm", [join(disk, "filler")]);
    const server = await start("later/data");
    expect(server.found).toBe("stopped");
    await server.stop();
    execFileSync("umount", [disk]);
  });
});

test("a server's own log tells no statement and no value", async () => {
  const server = await start("log");
  await withDatabase(server, async (database) => {
    await database.query("create table lead (phone text primary key)");
    await database.query("insert into lead values ('3105550142')");
    await expect(database.query("insert into lead values ('3105550142')")).rejects.toThrow("duplicate key");
    await expect(database.query("select '3105550142'::date")).rejects.toThrow("date");
  });
  await server.stop();
  const log = readFileSync(join(folder, "log/postgres/server.log"), "utf8");
  expect(log).toContain("ready to accept connections");
  expect(log).not.toMatch(/insert into|3105550142/);
});
