import { ProviderConnects, SmtpServer } from "../contracts/mail.ts";
import type { AccountScope } from "./account-scope.ts";
import { storableJson } from "./storable.ts";

/** What goes out besides deliveries: the mail server, and the connects for SMS and voice. */
export type MailSettings = {
  readonly smtp: SmtpServer | null;
  /** Sealed: `password`. */
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
