import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { secretMask } from "../contracts/connect.ts";
import type { updateAccount } from "../contracts/endpoints/access.ts";
import type { ConnectId } from "../contracts/ids.ts";
import type { ProviderConnects } from "../contracts/mail.ts";
import { badInput } from "../core/problem-error.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { lockAccount } from "../store/accounts.ts";
import { findConnect } from "../store/connects.ts";
import { findMailSettings, updateMailSettings as updateRow, type MailSettings } from "../store/mail-settings.ts";
import type { SecretBox } from "../store/secret-box.ts";
import { recordSave, type Change } from "./change.ts";

export type MailChanges = Pick<z.output<typeof updateAccount.body>, "smtp" | "provider_connects">;

/** Changes the mail server and the connects for SMS and voice; what is undefined stays. */
export async function updateMailSettings(change: Change, values: MailChanges): Promise<void> {
  const { scope, secretBox } = change;
  if (values.smtp === undefined && values.provider_connects === undefined) return;
  const { id, name } = await lockAccount(scope);
  const old = await findMailSettings(scope);
  const oldPassword = smtpPassword(scope, secretBox, old);
  const { smtp, password } = values.smtp === undefined ? { smtp: old.smtp, password: oldPassword } : sealed(values.smtp, old, oldPassword); // prettier-ignore
  const provider_connects = values.provider_connects ?? old.provider_connects;
  await checkProviders(scope, provider_connects, old.provider_connects);
  if (isDeepStrictEqual([smtp, provider_connects], [old.smtp, old.provider_connects]) && password === oldPassword)
    return;
  const smtp_secrets =
    password === "" ? null : secretBox.seal({ password }, { table: "accounts", account: scope.accountId, id });
  await updateRow(scope, { smtp, smtp_secrets, provider_connects });
  await recordSave(change, {
    kind: "account",
    id,
    name,
    action: "update",
    before: shownMailSettings(old),
    after: shownMailSettings({ smtp, smtp_secrets, provider_connects }),
    secrets: smtp_secrets,
    replaced: oldPassword === "" || password === "" || password === oldPassword ? [] : ["smtp.password"],
  });
}

/** As everybody may see them: the password is a mask. */
export function shownMailSettings({ smtp, smtp_secrets, provider_connects }: MailSettings) {
  return {
    smtp: smtp === null ? null : { ...smtp, password: smtp_secrets === null ? "" : secretMask },
    provider_connects,
  };
}

function smtpPassword(scope: AccountScope, secretBox: SecretBox, { smtp_secrets }: MailSettings): string {
  if (smtp_secrets === null) return "";
  const { accountId } = scope;
  return secretBox.open(smtp_secrets, { table: "accounts", account: accountId, id: accountId })["password"] ?? "";
}

/** A stored password goes on to the server it was typed for, and to no other. */
function sealed(
  wanted: NonNullable<MailChanges["smtp"]> | null,
  old: MailSettings,
  oldPassword: string,
): { readonly smtp: MailSettings["smtp"]; readonly password: string } {
  if (wanted === null) return { smtp: null, password: "" };
  const { password, ...smtp } = wanted;
  if (password !== secretMask) return { smtp, password };
  const isSame = old.smtp?.host === smtp.host && old.smtp.port === smtp.port;
  if (!isSame) throw badInput("smtp.password", "The mail server is another one: type the password again");
  return { smtp, password: oldPassword };
}

async function checkProviders(scope: AccountScope, providers: ProviderConnects, old: ProviderConnects): Promise<void> {
  for (const [action, id] of Object.entries(providers))
    if (
      id !== null &&
      id !== old[action as keyof ProviderConnects] &&
      (await findConnect(scope, id as ConnectId)) === null
    )
      throw badInput(`provider_connects.${action}`, `There is no connect ${id}`);
}
