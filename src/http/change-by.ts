import type { ChangeBy } from "../admin/change.ts";
import type { Actor } from "../store/audit.ts";
import type { Database } from "../store/database.ts";
import type { SecretBox } from "../store/secret-box.ts";
import type { Caller } from "./caller.ts";

/** What routes that change settings need. */
export type AdminDeps = { readonly database: Database; readonly secretBox: SecretBox };

/** A change of settings in the caller's name, in the caller's account. */
export function changeBy({ database, secretBox }: AdminDeps, caller: Caller): ChangeBy {
  return { database, secretBox, accountId: caller.accountId, actor: actorOf(caller) };
}

function actorOf({ kind, id, name }: Caller): Actor {
  return { kind, id, name };
}
