import { isDeepStrictEqual } from "node:util";
import type { Role } from "../contracts/endpoint.ts";
import type { UserId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import { endSignIns } from "../store/sign-ins.ts";
import { lockAdmins, lockUser, resetSignIn, updateUser as updateRow, type UserRow } from "../store/users.ts";
import { recordSave, type Change } from "./change.ts";
import { hashPassword } from "./hash-password.ts";

type UserValues = {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
};

/** Changes a user; one who may not sign in any more is signed out everywhere. The last active admin stays one. */
export async function updateUser(change: Change, id: UserId, values: UserValues): Promise<UserRow> {
  const admins = await lockAdmins(change.scope);
  const old = await lockUser(change.scope, id);
  if (old === null) throw new ProblemError("not_found", { detail: `There is no user ${id}.` });
  const before = { name: old.name, role: old.role, active: old.active };
  const after = {
    name: values.name ?? old.name,
    role: values.role ?? old.role,
    active: values.active ?? old.active,
  };
  const { sign_in_user_id, ...unchanged } = old;
  if (isDeepStrictEqual(before, after)) return unchanged;
  const staysAdmin = after.role === "admin" && after.active;
  if (admins.length === 1 && admins[0] === id && !staysAdmin)
    throw new ProblemError("in_use", {
      detail: `${old.name} is the account's only admin. Make another user an admin first.`,
    });
  const row = await updateRow(change.scope, id, after);
  if (old.active && !after.active) await endSignIns(change.tx, sign_in_user_id, null);
  await recordSave(change, { kind: "user", id, name: row.name, action: "update", before, after });
  return row;
}

/** Gives a user a new password, takes the second factor away and signs them out everywhere. */
export async function resetPassword(change: Change, id: UserId, password: string): Promise<void> {
  const user = await lockUser(change.scope, id);
  if (user === null) throw new ProblemError("not_found", { detail: `There is no user ${id}.` });
  const passwordHash = await hashPassword(password);
  await endSignIns(change.tx, user.sign_in_user_id, null);
  await resetSignIn(change.scope, id, passwordHash);
  const shown = { name: user.name, role: user.role, active: user.active };
  await recordSave(change, {
    kind: "user",
    id,
    name: user.name,
    action: "reset password",
    before: shown,
    after: shown,
  });
}
