import type { Queryable } from "./database.ts";

/** `process`: of those that had one pid after another, which. */
export type Worker = { readonly id: string; readonly host: string; readonly pid: number; readonly process: string };

/** One that sends: its number, and the numbers of those among whom its calls under way fit. */
export type SeenWorker = { readonly number: number; readonly fitsAmong: readonly number[]; readonly isMe: boolean };

/** As long as a lease: when a process is no longer counted, what it had is claimable too. */
const silentSecondsMax = 30;

/**
 * Says that this process sends, and among whom its calls fit; answers with all that send, by number. Who has been silent
 * too long is forgotten; if that happened to this one, it is counted in under a new number, and fits among nobody.
 */
export async function beatWorker(
  db: Queryable,
  { id, host, pid, process }: Worker,
  fitsAmong: readonly number[],
): Promise<SeenWorker[]> {
  const { rows } = await db.query<{ number: number; fits_among: number[]; is_me: boolean }>({
    name: "beat-worker",
    text: `with known as (
        update workers set seen_at = now(), fits_among = $2 where id = $1 returning number, fits_among
      ), fresh as (
        insert into workers (id, host, pid, process) select $1, $3, $4, $5 where not exists (select from known)
        returning number, fits_among
      ), forgotten as (
        delete from workers where id <> $1 and seen_at < now() - interval '${silentSecondsMax} s'
      )
      select number, fits_among, true as is_me from known
      union all select number, fits_among, true from fresh
      union all select number, fits_among, false from workers
        where id <> $1 and seen_at >= now() - interval '${silentSecondsMax} s'
      order by number`,
    values: [id, fitsAmong, host, pid, process],
  });
  return rows.map((row) => ({ number: row.number, fitsAmong: row.fits_among, isMe: row.is_me }));
}

/** The workers of a machine. */
export async function workersOn(db: Queryable, host: string): Promise<Worker[]> {
  const { rows } = await db.query<Worker>("select id, host, pid, process from workers where host = $1", [host]);
  return rows;
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
