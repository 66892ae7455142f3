import { expect, test } from "vitest";
import { cloneDatabase } from "../clone-database.ts";

const clone = cloneDatabase();

const terminate = async (pid: number): Promise<void> => {
  await clone.db.query("select pg_terminate_backend($1)", [pid]);
};

// an error that nobody listens for ends the process: here it would fail the whole run
test("a connection that breaks while it is checked out and idle ends nothing but itself", async () => {
  const client = await clone.db.pool.connect();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const ended = new Promise<void>((resolve) => void client.once("end", resolve));
  await terminate(rows[0]!.pid);
  await ended;
  client.release();
  expect((await clone.db.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

test("a transaction whose connection breaks between two statements fails; the next one works", async () => {
  const broken = clone.db.transaction(async (client) => {
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    await terminate(rows[0]!.pid);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.query("select 1");
  });
  await expect(broken).rejects.toThrow(/terminat|connection error/);
  await clone.db.transaction((client) => client.query("select 1"));
});
