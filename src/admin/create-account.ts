import type { AccountId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import { accountScope } from "../store/account-scope.ts";
import { hasAccounts, insertAccount, lockAccounts } from "../store/accounts.ts";
import type { Actor } from "../store/audit.ts";
import type { Database } from "../store/database.ts";
import type { SecretBox } from "../store/secret-box.ts";
import { recordSave, refuseTaken } from "./change.ts";
import { checkTimeZone } from "./check-time-zone.ts";
import { createUser } from "./create-user.ts";
import { saveStatus } from "./save-status.ts";

export type NewAccount = {
  readonly name: string;
  readonly timeZone: string;
  readonly admin: { readonly name: string; readonly email: string; readonly password: string };
};

/**
 * Makes an account, its first admin and the status every lead begins with. `onlyFirst`: refused with `setup_done` when
 * there is an account; two at once make one.
 */
export async function createAccount(
  { database, secretBox }: { readonly database: Database; readonly secretBox: SecretBox },
  account: NewAccount,
  by: { readonly actor: Actor; readonly onlyFirst: boolean },
): Promise<AccountId> {
  const timeZone = checkTimeZone(account.timeZone);
  return database.transaction(async (tx) => {
    await lockAccounts(tx);
    if (by.onlyFirst && (await hasAccounts(tx))) throw new ProblemError("setup_done");
    const { id, ...row } = await refuseTaken(
      { accounts_name_key: `name: There is an account named ${account.name} already` },
      () => insertAccount(tx, { name: account.name, time_zone: timeZone }),
    );
    const change = { scope: accountScope(tx, id), tx, secretBox, actor: by.actor };
    await recordSave(change, { kind: "account", id, name: row.name, action: "create", before: null, after: row });
    await createUser(change, { ...account.admin, role: "admin" });
    await saveStatus(change, null, { code: "NEW", name: "New", reached: false, final: false });
    return id;
  });
}
