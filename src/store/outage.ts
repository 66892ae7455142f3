import { isDatabaseGone } from "./is-database-gone.ts";

/** Why the database can't do its work now, and may later: it can't be reached, or its disk is full. */
export type Outage = "gone" | "full";

/** What an error, or what caused it, says of the database; null: it is about something else. */
export function outageOf(error: unknown): Outage | null {
  for (let one = error, depth = 0; one instanceof Error && depth < causesMax; one = one.cause, depth++) {
    if (isDiskFull(one)) return "full";
    if (isDatabaseGone(one)) return "gone";
  }
  return null;
}

const causesMax = 5;

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: disk_full; io_error, as which a used-up quota comes */
function isDiskFull(error: Error): boolean {
  const { code } = error as { code?: unknown };
  return code === "53100" || (code === "58030" && /no space left|quota/i.test(error.message));
}
