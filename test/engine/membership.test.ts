import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { keepMembership } from "../../src/engine/membership.ts";
import { cloneDatabase } from "../clone-database.ts";
import { eventually, quiet } from "./fixtures.ts";

const clone = cloneDatabase();

const connects = Array.from({ length: 12 }, (_, at) => ({ id: at + 1, concurrency: [1, 2, 3, 5, 8, 32][at % 6]! }));

/** Processes that use every slot they have at once, and whose calls end a little later: what all have under way together. */
function callingProcesses() {
  const processes = new Set<ReturnType<typeof startProcess>>();
  const mostOver: string[] = [];

  const check = (): void => {
    for (const { id, concurrency } of connects) {
      let sum = 0;
      for (const one of processes) sum += one.running.get(id) ?? 0;
      if (sum > concurrency) mostOver.push(`connect ${id}: ${sum} of ${concurrency}`);
    }
  };

  const startProcess = () => {
    const running = new Map<number, number>();
    let isEnding = false;
    const call = async (id: number): Promise<void> => {
      running.set(id, (running.get(id) ?? 0) + 1);
      await sleep(Math.random() * 30);
      running.set(id, running.get(id)! - 1);
      use();
    };
    const use = (): void => {
      if (isEnding) return;
      for (const { id, concurrency } of connects)
        while ((running.get(id) ?? 0) < keeper.shareOf(concurrency, id)) void call(id);
      check();
    };
    const keeper = keepMembership(
      clone.db,
      quiet,
      () => connects.every(({ id, concurrency }) => (running.get(id) ?? 0) <= keeper.shareOf(concurrency, id)),
      use,
    );
    void keeper.join();
    const one = {
      running,
      keeper,
      /** As the engine stops: what is under way ends before it leaves. */
      end: async (): Promise<void> => {
        isEnding = true;
        await eventually(async () => [...running.values()].every((count) => count === 0));
        processes.delete(one);
        await keeper.leave();
      },
    };
    processes.add(one);
    return one;
  };

  return { processes, mostOver, startProcess };
}

const isComplete = (processes: ReadonlySet<{ keeper: ReturnType<typeof keepMembership> }>): boolean =>
  connects.every(({ id, concurrency }) => {
    let sum = 0;
    for (const { keeper } of processes) sum += keeper.shareOf(concurrency, id);
    return sum === concurrency;
  });

test("whoever comes and goes, together they never have more under way than a connect allows, and soon again all of it", async () => {
  const { processes, mostOver, startProcess } = callingProcesses();
  const leaving: Promise<void>[] = [];
  for (let round = 0; round < 25; round++) {
    for (let coming = Math.floor(Math.random() * 4); coming > 0 && processes.size < 6; coming--) startProcess();
    const going = [...processes].filter(() => Math.random() < 0.25);
    leaving.push(...going.map((one) => one.end()));
    await sleep(Math.random() * 250);
    // one hears of the others only now and then
    for (const { keeper } of processes) if (Math.random() < 0.5) keeper.look();
    if (processes.size === 0) startProcess();
  }
  await Promise.all(leaving);
  await eventually(async () => {
    for (const { keeper } of processes) keeper.look();
    return isComplete(processes);
  });
  expect(mostOver).toEqual([]);
  await Promise.all([...processes].map((one) => one.end()));
});

test("several that come at once each get their share", async () => {
  const { processes, mostOver, startProcess } = callingProcesses();
  const three = [startProcess(), startProcess(), startProcess()];
  await Promise.all(three.map(({ keeper }) => keeper.join()));
  await eventually(async () => isComplete(processes));
  expect(mostOver).toEqual([]);
  await Promise.all(three.map((one) => one.end()));
});

test("one that the others have forgotten begins again as one that comes", async () => {
  const keeper = keepMembership(
    clone.db,
    quiet,
    () => true,
    () => {},
  );
  await keeper.join();
  expect(keeper.shareOf(7, 1)).toBe(7);
  await clone.db.query("delete from workers");
  await clone.db.query(`insert into workers (id, host, pid, process, fits_among)
    values (gen_random_uuid(), 'elsewhere.example.com', 1, gen_random_uuid(), '{}')`);
  keeper.look();
  // the other has not said that its calls fit: all of the concurrency may be its
  await eventually(async () => keeper.now() === null);
  expect(keeper.shareOf(7, 1)).toBe(0);
  await eventually(async () => (await clone.db.query("select from workers")).rows.length === 2);
  await clone.db.query("update workers set fits_among = (select array_agg(number) from workers)");
  await eventually(async () => keeper.now()?.numbers.length === 2);
  expect([3, 4]).toContain(keeper.shareOf(7, 1));
  await keeper.leave();
  await clone.db.query("delete from workers");
});

test("the end of calls is awaited, however long it takes, before another has its slot; the beats go on", async () => {
  let isFree = false;
  const [first, second] = [true, false].map((isFirst) =>
    keepMembership(
      clone.db,
      quiet,
      () => !isFirst || isFree,
      () => {},
    ),
  );
  isFree = true;
  await first!.join();
  isFree = false;
  const joining = second!.join().then(() => "joined");
  await eventually(async () => first!.now()!.numbers.length === 2);
  const { rows } = await clone.db.query("select max(seen_at) as at from workers");
  await eventually(
    async () => (await clone.db.query("select from workers where seen_at > $1", [rows[0]!.at])).rows.length === 2,
  );
  expect(second!.shareOf(7, 1)).toBe(0);
  expect(first!.shareOf(7, 1)).toBeLessThan(7);
  isFree = true;
  expect(await joining).toBe("joined");
  await eventually(async () => first!.shareOf(7, 1) + second!.shareOf(7, 1) === 7);
  await Promise.all([first!.leave(), second!.leave()]);
});
