import type { AccountId } from "../contracts/ids.ts";
import { passwordBelongsTo, ProviderConnects, type SmtpServer } from "../contracts/mail.ts";
import type { AccountScope } from "./account-scope.ts";
import type { SecretBox } from "./secret-box.ts";
import { storableJson } from "./storable.ts";

/** What goes out besides deliveries: the mail server, and the connects for SMS and voice. */
export type MailSettings = {
  readonly smtp: SmtpServer | null;
  /** Sealed: `password`, and whom it `belongs_to`. */
  readonly smtp_secrets: Uint8Array | null;
  readonly provider_connects: ProviderConnects;
};

export async function findMailSettings(scope: AccountScope): Promise<MailSettings> {
  const [row] = await scope.query<MailSettings>(
    "select smtp, smtp_secrets, provider_connects from accounts where id = $1",
  );
  return { ...row!, provider_connects: ProviderConnects.parse(row!.provider_connects) };
}

export async function updateMailSettings(scope: AccountScope, settings: MailSettings): Promise<void> {
  const { smtp, smtp_secrets, provider_connects } = settings;
  await scope.query("update accounts set smtp = $2, smtp_secrets = $3, provider_connects = $4 where id = $1", [
    smtp === null ? null : storableJson(smtp),
    smtp_secrets,
    storableJson(provider_connects),
  ]);
}

const secretsOf = (account: AccountId) => ({ table: "accounts", account, id: account });

/** Together with whom it belongs to, so that it opens for nobody else, whatever is written into the row. */
export function sealSmtpPassword(
  secretBox: SecretBox,
  account: AccountId,
  smtp: SmtpServer,
  password: string,
): Uint8Array {
  return secretBox.seal({ password, belongs_to: passwordBelongsTo(smtp) }, secretsOf(account));
}

/**
 * The password of the mail server as it is set; empty: none is stored. null: it was saved for another server or user. One
 * that was stored before this was kept with it belongs to the server beside it.
 */
export function openSmtpPassword(
  secretBox: SecretBox,
  account: AccountId,
  { smtp, smtp_secrets }: Pick<MailSettings, "smtp" | "smtp_secrets">,
): string | null {
  if (smtp === null || smtp_secrets === null) return "";
  const { password, belongs_to } = secretBox.open(smtp_secrets, secretsOf(account));
  if (belongs_to !== undefined && belongs_to !== passwordBelongsTo(smtp)) return null;
  return password ?? "";
}
