import type { Role } from "../contracts/endpoint.ts";
import type { AccountId, UserId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";

export type UserRow = {
  readonly id: UserId;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly active: boolean;
  readonly created_at: Date;
};

const columns = "id, name, email, role, active, created_at";

/** Oldest first, after the id `after`. */
export async function listUsers(scope: AccountScope, after: number, limit: number): Promise<UserRow[]> {
  return scope.query<UserRow>(`select ${columns} from users where account_id = $1 and id > $2 order by id limit $3`, [
    after,
    limit,
  ]);
}

/** With whether a second factor is asked for. */
export async function findUser(
  scope: AccountScope,
  id: number,
): Promise<(UserRow & { readonly secondFactor: boolean }) | null> {
  const [row] = await scope.query<UserRow & { secondFactor: boolean }>(
    `select u.id, u.name, u.email, u.role, u.active, u.created_at, coalesce(s.two_factor_enabled, false) as "secondFactor"
     from users u join sign_in_user s on s.id = u.sign_in_user_id where u.account_id = $1 and u.id = $2`,
    [id],
  );
  return row ?? null;
}

/** Locked until the transaction ends; with whom they sign in as. */
export async function lockUser(
  scope: AccountScope,
  id: UserId,
): Promise<(UserRow & { readonly sign_in_user_id: string }) | null> {
  const [row] = await scope.query<UserRow & { sign_in_user_id: string }>(
    `select ${columns}, sign_in_user_id from users where account_id = $1 and id = $2 for update`,
    [id],
  );
  return row ?? null;
}

/** Locks the account's active admins, so that two changes at once can't take the last one away. */
export async function lockAdmins(scope: AccountScope): Promise<UserId[]> {
  const rows = await scope.query<{ id: UserId }>(
    "select id from users where account_id = $1 and role = 'admin' and active order by id for update",
  );
  return rows.map(({ id }) => id);
}

export async function updateUser(
  scope: AccountScope,
  id: UserId,
  user: Pick<UserRow, "name" | "role" | "active">,
): Promise<UserRow> {
  const [row] = await scope.query<UserRow>(
    `update users set name = $3, role = $4, active = $5 where account_id = $1 and id = $2 returning ${columns}`,
    [id, user.name, user.role, user.active],
  );
  return row!;
}

export type NewUser = {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** As the sign-in library hashes it. */
  readonly passwordHash: string;
};

/** Makes a person and what they sign in with. Fails on the constraint `users_email` when the address has a user already. */
export async function insertUser(scope: AccountScope, user: NewUser): Promise<UserRow> {
  const [row] = await scope.query<UserRow>(
    `with person as (
       insert into sign_in_user (name, email, email_verified) values ($2, lower($3), true) returning id
     ), credential as (
       insert into sign_in_credential (account_id, provider_id, user_id, password, updated_at)
       select id::text, 'credential', id, $5, now() from person
     )
     insert into users (account_id, sign_in_user_id, email, name, role)
     select $1, id, lower($3), $2, $4 from person returning ${columns}`,
    [user.name, user.email, user.role, user.passwordHash],
  );
  return row!;
}

/** The user of a session. null: there is none, or they may not sign in any more. */
export async function findUserBySignIn(
  db: Queryable,
  signInUserId: string,
): Promise<(UserRow & { readonly accountId: AccountId; readonly secondFactor: boolean }) | null> {
  const { rows } = await db.query({
    name: "find-user-by-sign-in",
    text: `select u.account_id as "accountId", u.id, u.name, u.email, u.role, u.active, u.created_at,
        coalesce(s.two_factor_enabled, false) as "secondFactor"
      from users u join sign_in_user s on s.id = u.sign_in_user_id where u.sign_in_user_id = $1 and u.active`,
    values: [signInUserId],
  });
  return (rows[0] as Awaited<ReturnType<typeof findUserBySignIn>>) ?? null;
}

/** Whether a person who proved who they are may come in. */
export async function mayOpenSession(db: Queryable, signInUserId: string): Promise<boolean> {
  return (await findUserBySignIn(db, signInUserId)) !== null;
}

/** Gives a user another password and no second factor. */
export async function resetSignIn(scope: AccountScope, id: UserId, passwordHash: string): Promise<void> {
  await scope.query(
    `with person as (select sign_in_user_id as id from users where account_id = $1 and id = $2),
     factor as (delete from sign_in_second_factor where user_id = (select id from person)),
     plain as (update sign_in_user set two_factor_enabled = false where id = (select id from person))
     update sign_in_credential set password = $3, updated_at = now()
     where user_id = (select id from person) and provider_id = 'credential'`,
    [id, passwordHash],
  );
}

/** By address, in whatever account: an address has one user. */
export async function findUserByEmail(
  db: Queryable,
  email: string,
): Promise<{ readonly accountId: AccountId; readonly id: UserId; readonly name: string } | null> {
  const { rows } = await db.query(
    `select account_id as "accountId", id, name from users where lower(email) = lower($1)`,
    [email],
  );
  return (rows[0] as Awaited<ReturnType<typeof findUserByEmail>>) ?? null;
}
