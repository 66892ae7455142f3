import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isDatabaseGone, openDatabase, whenDatabaseIsBack } from "../../src/store/database.ts";
import { openSecretBox } from "../../src/store/open-secret-box.ts";
import { cloneDatabase } from "../clone-database.ts";
import { temporaryFolder } from "./places.ts";

const database = cloneDatabase();
const folder = temporaryFolder();

test("ids arrive as numbers, dates as written, moments as Date, JSON parsed", async () => {
  const { rows } = await database.db.query(
    `select 9007199254740991::bigint as id, '2026-02-03'::date as day, '2026-02-03 04:05:06+00'::timestamptz as at,
            '{"a": [1]}'::jsonb as json, 1.50::numeric as price`,
  );
  expect(rows).toEqual([
    {
      id: 9_007_199_254_740_991,
      day: "2026-02-03",
      at: new Date("2026-02-03T04:05:06Z"),
      json: { a: [1] },
      price: "1.50",
    },
  ]);
});

describe("a transaction", () => {
  test("keeps what it did, and gives what its work gave", async () => {
    await database.db.query("create table kept (word text)");
    const given = await database.db.transaction(async (client) => {
      await client.query("insert into kept values ('yes')");
      return "done";
    });
    expect(given).toBe("done");
    expect((await database.db.query("select word from kept")).rows).toEqual([{ word: "yes" }]);
  });

  test("leaves nothing when its work throws, and hands the error on", async () => {
    const work = database.db.transaction(async (client) => {
      await client.query("insert into kept values ('no')");
      throw new Error("changed my mind");
    });
    await expect(work).rejects.toThrow("changed my mind");
    expect((await database.db.query("select word from kept")).rows).toEqual([{ word: "yes" }]);
  });

  test("whose connection is cut fails as gone, and the pool goes on", async () => {
    const single = openDatabase({ connectionString: database.url }, { connectionsMax: 1 });
    const work = single.transaction(async (client) => {
      const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
      await database.db.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
      await client.query("select 1");
    });
    expect(isDatabaseGone(await work.catch((error: unknown) => error))).toBe(true);
    expect((await single.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await single.close();
  });
});

test("work is done again while the database is away, and other errors aren't waited out", async () => {
  let tries = 0;
  const patience = AbortSignal.timeout(10_000);
  const work = (): Promise<string> =>
    ++tries < 3 ? Promise.reject(Object.assign(new Error("away"), { code: "57P03" })) : Promise.resolve("back");
  expect(await whenDatabaseIsBack(work, patience)).toBe("back");
  await expect(whenDatabaseIsBack(() => database.db.query("select nonsense"), patience)).rejects.toThrow("nonsense");
  await expect(
    whenDatabaseIsBack(() => Promise.reject(Object.assign(new Error("away"), { code: "57P03" })), AbortSignal.abort()),
  ).rejects.toThrow("away");
});

describe("the secret key", () => {
  const given = new Uint8Array(32).fill(3);

  test("that comes first is the database's, and fits again", async () => {
    const box = await openSecretBox(database.db, given, () => folder);
    expect((await openSecretBox(database.db, given, () => folder)).fingerprint).toBe(box.fingerprint);
  });

  test("that is another one is refused, and both are told apart", async () => {
    await expect(openSecretBox(database.db, new Uint8Array(32).fill(4), () => folder)).rejects.toThrow(
      /doesn't fit: this database's secrets are sealed with key [0-9a-f]{8}…, and the key in PATCHBAY_SECRET_KEY is [0-9a-f]{8}…/,
    );
  });

  test("that is missing in its folder is refused with the file's name", async () => {
    await expect(openSecretBox(database.db, null, () => folder)).rejects.toThrow(
      `there is no ${join(folder, "secret-key")}`,
    );
  });
});
