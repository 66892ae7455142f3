import { secretMask } from "../../../src/contracts/connect.ts";
import type { Account } from "../../../src/contracts/endpoints/access.ts";
import { valueText } from "../ui/value-words.ts";

export type Smtp = NonNullable<Account["smtp"]>;
export type MailDraft = { readonly smtp: Smtp | null; readonly provider_connects: Account["provider_connects"] };

export const mailDraftOf = ({ smtp, provider_connects }: Account): MailDraft => ({ smtp, provider_connects });

const smtpNames = {
  host: "Server",
  port: "Port",
  security: "Encryption",
  username: "User name",
  from: "From",
  password: "Password",
} as const satisfies Record<keyof Smtp, string>;

export const providerNames = {
  sms: "SMS",
  voice_broadcast: "Voice broadcast",
  ringless_voicemail: "Ringless voicemail",
} as const satisfies Record<keyof MailDraft["provider_connects"], string>;

const parts = (of: string, values: object) => Object.entries(values).map(([key, value]) => [`${of}.${key}`, value]);

/** The settings one by one, named as the server names them: `smtp.host`, `provider_connects.sms`. */
export function mailParts({ smtp, provider_connects }: MailDraft): Readonly<Record<string, unknown>> {
  return Object.fromEntries([
    ["smtp", smtp !== null],
    ...parts("smtp", smtp ?? {}),
    ...parts("provider_connects", provider_connects),
  ]);
}

/** Put together again; what one of the two that were mixed did not have is blank. */
export function mailDraftFrom(chosen: Readonly<Record<string, unknown>>, blank: Smtp): MailDraft {
  const under = (of: string, keys: readonly string[], missing: object) =>
    Object.fromEntries(keys.map((key) => [key, chosen[`${of}.${key}`] ?? (missing as Record<string, unknown>)[key]]));
  return {
    smtp: chosen["smtp"] === true ? (under("smtp", Object.keys(smtpNames), blank) as Smtp) : null,
    provider_connects: under("provider_connects", Object.keys(providerNames), {
      sms: null,
      voice_broadcast: null,
      ringless_voicemail: null,
    }) as MailDraft["provider_connects"],
  };
}

export function mailPartName(path: string): string {
  const key = path.split(".")[1];
  if (key === undefined) return "Send e-mails";
  return { ...smtpNames, ...providerNames }[key as keyof typeof smtpNames] ?? key;
}

/** A password that was typed is masked here, as the stored one is. */
export function mailPartText(path: string, value: unknown, connectName: (id: number) => string | undefined): string {
  if (path === "smtp.password" && value !== "") return secretMask;
  if (path.startsWith("provider_connects.") && typeof value === "number")
    return connectName(value) ?? `connect ${value}`;
  return valueText(value);
}
