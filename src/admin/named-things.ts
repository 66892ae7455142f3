import type { AccountScope } from "../store/account-scope.ts";
import type { NamedKind } from "./file-workflow.ts";

/** Where things that workflows name are, and by what column a file names them. */
const tables: Readonly<Record<NamedKind, readonly [table: string, name: string, there: string]>> = {
  campaign: ["campaigns", "name", "true"],
  list: ["lists", "name", "true"],
  queue: ["queues", "name", "true"],
  inbound_number: ["inbound_numbers", "name", "true"],
  email_template: ["email_templates", "name", "true"],
  connect: ["connects", "name", "deleted_at is null"],
  workflow: ["workflows", "name", "deleted_at is null"],
  user: ["users", "email", "true"],
  // of several of one name the latest that is not revoked
  token: ["api_tokens", "name", "true order by revoked_at is null desc, id desc"],
};

/** Everything of a kind, by the name that a configuration file uses: people go by their e-mail address. */
export async function namedThings(
  scope: AccountScope,
  kind: NamedKind,
): Promise<readonly { readonly id: number; readonly name: string }[]> {
  const [table, name, there] = tables[kind];
  return scope.query(`select id, ${name} as name from ${table} where account_id = $1 and ${there}`);
}

export function sayKind(kind: NamedKind): string {
  return kind === "token" ? "API token" : kind.replace("_", " ");
}
