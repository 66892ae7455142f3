import type { Queryable } from "./database.ts";

/** `process`: of those that had one pid after another, which. */
export type Worker = { readonly id: string; readonly host: string; readonly pid: number; readonly process: string };

/** How many processes send, and which of them this one is, from 0. */
export type Membership = { readonly workers: number; readonly position: number };

/** As long as a lease: when a process is no longer counted, what it had is claimable too. */
const silentSecondsMax = 30;

/**
 * Says that this process sends, and that what it has under way fits among `fits` workers; counts those that send. Who has
 * been silent too long is forgotten.
 */
export async function beatWorker(db: Queryable, { id, host, pid, process }: Worker, fits: number): Promise<Membership> {
  const { rows } = await db.query<Membership>({
    name: "beat-worker",
    text: `with me as (
        insert into workers (id, fits, host, pid, process) values ($1, $2, $3, $4, $5)
        on conflict (id) do update set seen_at = now(), fits = excluded.fits
      ), forgotten as (
        delete from workers where id <> $1 and seen_at < now() - interval '${silentSecondsMax} s'
      )
      select count(*)::int + 1 as workers, (count(*) filter (where id < $1))::int as position from workers
      where id <> $1 and seen_at >= now() - interval '${silentSecondsMax} s'`,
    values: [id, fits, host, pid, process],
  });
  return rows[0]!;
}

/** The other workers of a machine. */
export async function workersOn(db: Queryable, host: string): Promise<Worker[]> {
  const { rows } = await db.query<Worker>("select id, host, pid, process from workers where host = $1", [host]);
  return rows;
}

/** Whether all others' calls under way fit among so many workers. */
export async function othersFit(db: Queryable, id: string, workers: number): Promise<boolean> {
  const { rows } = await db.query(
    "select from workers where id <> $1 and fits < $2 and seen_at >= now() - interval '10 s' limit 1",
    [id, workers],
  );
  return rows.length === 0;
}

/** It sends no more: its share is free at once. */
export async function leaveWorkers(db: Queryable, id: string): Promise<void> {
  await db.query("delete from workers where id = $1", [id]);
}

/** Tells the others that somebody came or went. A hint: their next beat finds it too. */
export async function notifyWorkers(db: Queryable): Promise<void> {
  await db.query(`select pg_notify('${workersChannel}', '')`);
}

export const workersChannel = "patchbay_workers";
