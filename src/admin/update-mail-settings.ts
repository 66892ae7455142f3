import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { secretMask } from "../contracts/connect.ts";
import type { updateAccount } from "../contracts/endpoints/access.ts";
import type { ConnectId } from "../contracts/ids.ts";
import { passwordBelongsTo, type ProviderConnects } from "../contracts/mail.ts";
import { parseSender } from "../core/mail-address.ts";
import { badInput } from "../core/problem-error.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { lockAccount } from "../store/accounts.ts";
import { findConnect } from "../store/connects.ts";
import {
  findMailSettings,
  openSmtpPassword,
  sealSmtpPassword,
  updateMailSettings as updateRow,
  type MailSettings,
} from "../store/mail-settings.ts";
import { recordSave, type Change } from "./change.ts";

export type MailChanges = Pick<z.output<typeof updateAccount.body>, "smtp" | "provider_connects">;

/** Changes the mail server and the connects for SMS and voice; what is undefined stays. */
export async function updateMailSettings(change: Change, values: MailChanges): Promise<void> {
  const { scope, secretBox } = change;
  if (values.smtp === undefined && values.provider_connects === undefined) return;
  const { id, name } = await lockAccount(scope);
  const old = await findMailSettings(scope);
  const stored = openSmtpPassword(secretBox, scope.accountId, old);
  const { smtp, password } =
    values.smtp === undefined ? { smtp: old.smtp, password: stored } : wanted(values.smtp, old, stored);
  const provider_connects = values.provider_connects ?? old.provider_connects;
  await checkProviders(scope, provider_connects, old.provider_connects);
  if (isDeepStrictEqual([smtp, provider_connects], [old.smtp, old.provider_connects]) && password === stored) return;
  const smtp_secrets = values.smtp === undefined ? old.smtp_secrets : sealedPassword(change, smtp, password);
  await updateRow(scope, { smtp, smtp_secrets, provider_connects });
  await recordSave(change, {
    kind: "account",
    id,
    name,
    action: "update",
    before: shownMailSettings(old),
    after: shownMailSettings({ smtp, smtp_secrets, provider_connects }),
    secrets: smtp_secrets,
    replaced: !stored || password === "" || password === stored ? [] : ["smtp.password"],
  });
}

/** As everybody may see them: the password is a mask. */
export function shownMailSettings({ smtp, smtp_secrets, provider_connects }: MailSettings) {
  return {
    smtp: smtp === null ? null : { ...smtp, password: smtp_secrets === null ? "" : secretMask },
    provider_connects,
  };
}

function sealedPassword({ scope, secretBox }: Change, smtp: MailSettings["smtp"], password: string | null) {
  return smtp === null || !password ? null : sealSmtpPassword(secretBox, scope.accountId, smtp, password);
}

/** A stored password goes on to the server and user it was typed for, and to no other. */
function wanted(
  values: NonNullable<MailChanges["smtp"]> | null,
  old: MailSettings,
  stored: string | null,
): { readonly smtp: MailSettings["smtp"]; readonly password: string } {
  if (values === null) return { smtp: null, password: "" };
  const { password, ...smtp } = values;
  if (parseSender(smtp.from) === null)
    throw badInput("smtp.from", "Write one address, such as news@example.com or Acme Calls <news@example.com>");
  const isOther = old.smtp === null || stored === null || passwordBelongsTo(smtp) !== passwordBelongsTo(old.smtp);
  // who signs in needs one: leaving it out does not drop the stored one unnoticed
  const isLeftOut = password === "" && smtp.username !== "" && stored !== "" && isOther;
  if (password !== secretMask && !isLeftOut) return { smtp, password };
  if (stored === "") throw badInput("smtp.password", "No password is stored: type it");
  if (stored === null || isOther)
    throw badInput(
      "smtp.password",
      "The password was saved for another server, port, encryption or user name: type it again",
    );
  return { smtp, password: stored };
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
