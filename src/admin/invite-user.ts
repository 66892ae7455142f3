import type { Role } from "../contracts/endpoint.ts";
import { ProblemError } from "../core/problem-error.ts";
import { accountScope } from "../store/account-scope.ts";
import type { Database } from "../store/database.ts";
import { insertInvitation, lockInvitation, markAccepted, type Invitation } from "../store/invitations.ts";
import type { SecretBox } from "../store/secret-box.ts";
import { findUserByEmail } from "../store/users.ts";
import { recordSave, type Change } from "./change.ts";
import { createUser } from "./create-user.ts";

/** Makes a one-time link's code; it is in this answer and nowhere else. */
export async function inviteUser(
  change: Change,
  invited: { readonly email: string; readonly role: Role },
): Promise<{ readonly code: string; readonly expiresAt: Date }> {
  if ((await findUserByEmail(change.tx, invited.email)) !== null) {
    const message = `${invited.email} signs in to an account here already; an address has one account`;
    throw new ProblemError("name_taken", { detail: message, errors: [{ path: "email", message }] });
  }
  const { id, code, expiresAt } = await insertInvitation(change.scope, { ...invited, invitedBy: change.actor.name });
  await recordSave(change, {
    kind: "invitation",
    id,
    name: invited.email,
    action: "create",
    before: null,
    after: { ...invited, expires_at: expiresAt.toISOString() },
  });
  return { code, expiresAt };
}

/** Whom a link invites to what. */
export async function readInvitation(database: Database, code: string): Promise<Invitation> {
  return database.transaction(async (tx) => found(await lockInvitation(tx, code)));
}

/** Makes the invited person a user; of two who come with one link the second finds it used. */
export async function acceptInvitation(
  { database, secretBox }: { readonly database: Database; readonly secretBox: SecretBox },
  code: string,
  person: { readonly name: string; readonly password: string },
): Promise<{ readonly email: string }> {
  return database.transaction(async (tx) => {
    const { accountId, id, email, role } = found(await lockInvitation(tx, code));
    const scope = accountScope(tx, accountId);
    const change: Change = { scope, tx, secretBox, actor: { kind: "user", id: null, name: person.name } };
    await createUser(change, { ...person, email, role });
    await markAccepted(scope, id);
    return { email };
  });
}

function found(invitation: Invitation | null): Invitation {
  if (invitation === null) throw new ProblemError("link_used");
  return invitation;
}
