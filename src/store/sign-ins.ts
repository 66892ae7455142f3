import { createHash } from "node:crypto";
import type { Queryable } from "./database.ts";

/** A person who signs in, and the count of changes of what proves them (migration 0011). */
export type SigningIn = { readonly userId: string; readonly proofs: number };

/** Whom a sign-in is about: the address that was typed, or the id of who has shown the password already. */
export async function findSigningIn(
  db: Queryable,
  who: { readonly email: string } | { readonly userId: string },
): Promise<SigningIn | null> {
  const [column, value] = "email" in who ? ["email", who.email.toLowerCase()] : ["id::text", who.userId];
  const { rows } = await db.query<SigningIn>(`select id as "userId", proofs from sign_in_user where ${column} = $1`, [
    value,
  ]);
  return rows[0] ?? null;
}

/**
 * Signs a person out everywhere but in one session (null: in all), and ends sign-ins that are under way. In a transaction:
 * the lock keeps a new session out until that is committed (it is a foreign key's), so that each either is there and is
 * deleted, or learns that `proofs` has changed.
 */
export async function endSignIns(tx: Queryable, userId: string, except: string | null): Promise<void> {
  await tx.query("select from sign_in_user where id = $1 for update", [userId]);
  await tx.query("update sign_in_user set proofs = proofs + 1 where id = $1", [userId]);
  await tx.query("delete from sign_in_session where user_id = $1 and id is distinct from $2", [userId, except]);
  await tx.query("delete from sign_in_verification where value = $1::text", [userId]);
}

/** Ends one session. */
export async function deleteSession(db: Queryable, id: string): Promise<void> {
  await db.query("delete from sign_in_session where id = $1", [id]);
}

/** The sealed key of a person's authenticator app; null: there is none. */
export async function findFactor(
  db: Queryable,
  userId: string,
): Promise<{ readonly id: string; readonly secret: string } | null> {
  const { rows } = await db.query<{ id: string; secret: string }>(
    "select id, secret from sign_in_second_factor where user_id = $1",
    [userId],
  );
  return rows[0] ?? null;
}

/** Older ones are no code of now any more. */
const stepsKept = 10;

/** Takes the codes of these steps (30 s each, counted from 1970). False: somebody was first, in whatever process. */
export async function takeSteps(db: Queryable, factorId: string, steps: readonly number[]): Promise<boolean> {
  const { rowCount } = await db.query(
    `update sign_in_second_factor
     set used_steps = array(select step from unnest(used_steps) step where step > $3) || $2::bigint[]
     where id = $1 and not used_steps && $2::bigint[]`,
    [factorId, steps, Math.min(...steps) - stepsKept],
  );
  return rowCount === 1;
}

/** How long tries are counted together, from the first. */
export const triesMinutes = 15;

/** Counts one more try of a password: to sign in as an address, or of a user's own. Returns how many there were, with it. */
export async function countTry(db: Queryable, whose: string): Promise<number> {
  const { rows } = await db.query<{ tries: number }>(
    `insert into sign_in_tries as t (whose, tries, since) values ($1, 1, now())
     on conflict (whose) do update set
       tries = case when t.since < now() - interval '${triesMinutes} min' then 1 else t.tries + 1 end,
       since = case when t.since < now() - interval '${triesMinutes} min' then now() else t.since end
     returning tries`,
    [hashOf(whose)],
  );
  return rows[0]!.tries;
}

/** Somebody showed the right password. */
export async function forgetTries(db: Queryable, whose: string): Promise<void> {
  await db.query("delete from sign_in_tries where whose = $1", [hashOf(whose)]);
}

/** Whether this person is signed in from this network address already. */
export async function isSignedInFrom(db: Queryable, userId: string, address: string): Promise<boolean> {
  const { rows } = await db.query(
    "select from sign_in_session where user_id = $1 and ip_address = $2 and expires_at > now() limit 1",
    [userId, address],
  );
  return rows.length > 0;
}

function hashOf(whose: string): Buffer {
  return createHash("sha256").update(whose.toLowerCase()).digest();
}
