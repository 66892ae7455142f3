import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { checkout, runPatchbay } from "../patchbay-process.ts";
import { emptyDatabase } from "../clone-database.ts";
import { openDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { temporaryFolder } from "./places.ts";

const folder = temporaryFolder();
const database = emptyDatabase();

afterEach(async () => {
  await database.db.query("drop schema public cascade");
  await database.db.query("create schema public");
});

/** Migrations that need none of the product's tables; the partitions have nothing to do with them. */
function migrationsOf(name: string, files: Readonly<Record<string, string>>): string {
  const made = join(folder, name);
  mkdirSync(made, { recursive: true });
  cpSync(join(checkout, "migrations"), made, { recursive: true });
  for (const [file, sql] of Object.entries(files)) writeFileSync(join(made, file), sql);
  return made;
}

const names = async (): Promise<string[]> =>
  (await database.db.query<{ name: string }>("select name from migrations order by number")).rows.map(
    ({ name }) => name,
  );
const next = async (): Promise<string> => {
  const count = (await migrate(database.db)).length + 1;
  return `${String(count).padStart(4, "0")}_more.sql`;
};

test("ten processes at once: each migration is applied once, and all go on", async () => {
  const environment = { DATABASE_URL: database.url, PATCHBAY_SECRET_KEY: Buffer.alloc(32, 1).toString("base64") };
  const ended = await Promise.all(Array.from({ length: 10 }, () => runPatchbay(["migrate"], { environment })));
  expect(ended.map(({ code, err }) => `${code} ${err}`)).toEqual(Array.from({ length: 10 }, () => "0 "));
  expect(ended.filter(({ out }) => out.includes("Applied 0001_foundation.sql"))).toHaveLength(1);
  expect((await database.db.query("select 1 from installation")).rowCount).toBe(1);
}, 60_000);

test("a second time there is nothing to do", async () => {
  expect(await migrate(database.db)).toContain("0001_foundation.sql");
  expect(await migrate(database.db)).toEqual([]);
});

test("a new file is applied, and only that", async () => {
  const file = await next();
  const before = await names();
  expect(await migrate(database.db, migrationsOf("more", { [file]: "create table more (id integer)" }))).toEqual([
    file,
  ]);
  expect(await names()).toEqual([...before, file]);
});

test("a file that fails leaves the database as it was before it", async () => {
  const file = await next();
  const before = await names();
  const migrations = migrationsOf("failing", { [file]: "create table half (id integer); select 1/0" });
  await expect(migrate(database.db, migrations)).rejects.toThrow(`Migration ${file} failed; the database is as it was`);
  expect(await names()).toEqual(before);
  expect((await database.db.query("select to_regclass('half') as half")).rows).toEqual([{ half: null }]);
});

describe("is refused in words", () => {
  test("a database that a newer version has used", async () => {
    const file = await next();
    await migrate(database.db, migrationsOf("newer", { [file]: "select 1" }));
    await expect(migrate(database.db)).rejects.toThrow(
      new RegExp(`used by a newer Patchbay: it has ${file}.*Start the newer`),
    );
  });

  test("a file that was changed after it had been applied", async () => {
    await migrate(database.db);
    const changed = migrationsOf("changed", { "0001_foundation.sql": "select 1" });
    await expect(migrate(database.db, changed)).rejects.toThrow(
      /0001_foundation\.sql isn't the one this database was made with/,
    );
  });

  test("a gap in the numbers", async () => {
    const gap = migrationsOf("gap", { "0099_far.sql": "select 1" });
    await expect(migrate(database.db, gap)).rejects.toThrow("numbered without gaps: 0099_far.sql");
  });
});

test("a changed line end is no change", async () => {
  await migrate(database.db);
  const sql = readFileSync(join(checkout, "migrations/0001_foundation.sql"), "utf8");
  const turned = migrationsOf("turned", { "0001_foundation.sql": sql.replaceAll("\n", "\r\n") });
  expect(await migrate(database.db, turned)).toEqual([]);
});

test("a database that doesn't answer is refused with the variable's name", async () => {
  const environment = {
    DATABASE_URL: "postgresql://patchbay:hidden@127.0.0.1:1/patchbay",
    PATCHBAY_SECRET_KEY: Buffer.alloc(32, 1).toString("base64"),
  };
  const ended = await runPatchbay(["migrate"], { environment });
  expect(ended).toMatchObject({ code: 1, err: expect.stringMatching(/DATABASE_URL doesn't answer: .*ECONNREFUSED/) });
  expect(ended.err).not.toContain("hidden");
});

test("migrating works beside a pool that is used", async () => {
  const other = openDatabase({ connectionString: database.url });
  await Promise.all([migrate(other), migrate(database.db), other.query("select pg_sleep(0.2)")]);
  await other.close();
  expect(await names()).toContain("0001_foundation.sql");
});
