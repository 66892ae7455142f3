import { randomBytes } from "node:crypto";
import type { Role } from "../contracts/endpoint.ts";
import type { AccountId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";
import { hashSecret } from "./tokens.ts";

const daysValid = 7;

/** Makes a one-time code for a link; it exists in this answer alone, the table keeps its hash. Valid for 7 days. */
export async function insertInvitation(
  scope: AccountScope,
  invitation: { readonly email: string; readonly role: Role; readonly invitedBy: string },
): Promise<{ readonly id: number; readonly code: string; readonly expiresAt: Date }> {
  const code = randomBytes(24).toString("base64url");
  const [row] = await scope.query<{ id: number; expiresAt: Date }>(
    `insert into invitations (account_id, email, role, code_hash, invited_by, expires_at)
     values ($1, lower($2), $3, $4, $5, now() + interval '${daysValid} days') returning id, expires_at as "expiresAt"`,
    [invitation.email, invitation.role, hashSecret(code), invitation.invitedBy],
  );
  return { ...row!, code };
}

export type Invitation = {
  readonly accountId: AccountId;
  readonly accountName: string;
  readonly id: number;
  readonly email: string;
  readonly role: Role;
};

/** The invitation of a link that was not used and has not run out, whichever account it leads to; locked until the transaction ends. */
export async function lockInvitation(tx: Queryable, code: string): Promise<Invitation | null> {
  const { rows } = await tx.query<Invitation>(
    `select i.account_id as "accountId", a.name as "accountName", i.id, i.email, i.role
     from invitations i join accounts a on a.id = i.account_id
     where i.code_hash = $1 and i.accepted_at is null and i.expires_at > now() for update of i`,
    [hashSecret(code)],
  );
  return rows[0] ?? null;
}

export async function markAccepted(scope: AccountScope, id: number): Promise<void> {
  await scope.query("update invitations set accepted_at = now() where account_id = $1 and id = $2", [id]);
}
