import { z } from "zod";

/** The account's mail server. The password is sealed apart: table `accounts`, the account's id, name `password`. */
export const SmtpServer = z.strictObject({
  host: z.string().trim().min(1, "write the mail server's name").max(253),
  port: z.number().int().min(1).max(65_535).default(587),
  /** tls: from the first byte (465); starttls: asked for, and required (587); none: in the clear. */
  security: z.enum(["tls", "starttls", "none"]).default("starttls"),
  /** Empty: the server asks for no sign-in. */
  username: z.string().max(320).default(""),
  /** Who the mails are from: `Acme Calls <news@example.com>`. */
  from: z.string().trim().min(3, "write whom mails are from").max(400),
});
export type SmtpServer = z.infer<typeof SmtpServer>;

/** Whom a stored password belongs to: it goes out by this scheme, to this host and port, for this user, and in no other way. */
export function passwordBelongsTo({ security, host, port, username }: Omit<SmtpServer, "from">): string {
  return JSON.stringify([security, host.toLowerCase(), port, username]);
}

/** Which connect an SMS, a voice broadcast and a ringless voicemail go out through, when the action names none. */
export const ProviderConnects = z.strictObject({
  sms: z.number().int().positive().nullable().default(null),
  voice_broadcast: z.number().int().positive().nullable().default(null),
  ringless_voicemail: z.number().int().positive().nullable().default(null),
});
export type ProviderConnects = z.infer<typeof ProviderConnects>;
