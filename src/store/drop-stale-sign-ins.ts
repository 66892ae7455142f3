import type { Queryable } from "./database.ts";
import { triesMinutes } from "./sign-ins.ts";

/** Forgets sessions and half-done sign-ins that ran out, and what the limiter counted an hour ago. Crosses accounts: housekeeping. */
export async function dropStaleSignIns(db: Queryable): Promise<void> {
  await db.query("delete from sign_in_session where expires_at < now()");
  await db.query("delete from sign_in_verification where expires_at < now()");
  await db.query(`delete from sign_in_tries where since < now() - interval '${triesMinutes} min'`);
  // milliseconds since 1970; the longest window is a minute
  await db.query("delete from sign_in_limit where last_request < extract(epoch from now() - interval '1 hour') * 1000");
}
