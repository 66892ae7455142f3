import type { Role } from "../contracts/endpoint.ts";
import { insertUser, type UserRow } from "../store/users.ts";
import { recordSave, refuseTaken, type Change } from "./change.ts";
import { hashPassword } from "./hash-password.ts";

export type NewPerson = {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: Role;
};

/** Adds a person who may sign in to the change's account. */
export async function createUser(change: Change, person: NewPerson): Promise<UserRow> {
  const passwordHash = await hashPassword(person.password);
  const taken = `email: ${person.email} signs in to an account here already; an address has one account`;
  const user = await refuseTaken({ users_email: taken, sign_in_user_email_key: taken }, () =>
    insertUser(change.scope, { name: person.name, email: person.email, role: person.role, passwordHash }),
  );
  const { id, name, email, role, active } = user;
  const after = { name, email, role, active };
  await recordSave(change, { kind: "user", id, name, action: "create", before: null, after });
  return user;
}
