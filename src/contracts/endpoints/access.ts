import { z } from "zod";
import { endpoint, MadeOnRevision, NoContent, PageQuery, pageOf, Role } from "../endpoint.ts";
import { AccountId, TokenId, UserId } from "../ids.ts";
import { ProviderConnects, SmtpServer } from "../mail.ts";

const Password = z.string().min(12, "use at least 12 characters").max(128);
export const TimeZone = z
  .string()
  .min(1, "choose a time zone")
  .max(64)
  .describe("An IANA name such as America/Los_Angeles; an older one such as US/Pacific is kept as today's");

export const Account = z.object({
  id: AccountId,
  name: z.string(),
  time_zone: TimeZone,
  date_format: z.string(),
  /** Keys of lead fields whose values are masked in logs for everybody. */
  fields_masked_in_logs: z.array(z.string()),
  /** The mail server of e-mail actions; its password is never shown. */
  smtp: SmtpServer.extend({ password: z.string() }).nullable(),
  provider_connects: ProviderConnects,
  /** The number of the last save of any of it. */
  revision: z.number().int(),
});
export type Account = z.infer<typeof Account>;

export const Session = z.object({
  user: z.object({
    id: UserId,
    name: z.string(),
    email: z.string(),
    role: Role,
    second_factor: z.boolean(),
  }),
  account: Account,
});
export type Session = z.infer<typeof Session>;

export const showSetup = endpoint({
  method: "GET",
  path: "/api/setup",
  role: "anyone",
  tag: "access",
  summary: "Whether this installation still needs its first account",
  status: 200,
  answer: z.object({
    needed: z.boolean(),
    /** The caller is not on the server itself: the one-time code printed at start is asked for. */
    code_needed: z.boolean(),
  }),
});

export const setUp = endpoint({
  method: "POST",
  path: "/api/setup",
  role: "anyone",
  tag: "access",
  summary: "Make the first account and its admin",
  body: z.strictObject({
    account_name: z.string().trim().min(1, "give the account a name").max(100),
    time_zone: TimeZone,
    name: z.string().trim().min(1, "tell your name").max(100),
    email: z.email("write an e-mail address"),
    password: Password,
    code: z.string().max(100).optional(),
  }),
  status: 201,
  answer: z.object({ account_id: AccountId }),
});

export const showSession = endpoint({
  method: "GET",
  path: "/api/session",
  role: "viewer",
  tag: "access",
  summary: "Who is signed in, and to which account",
  status: 200,
  answer: Session,
});

export const updateAccount = endpoint({
  method: "PATCH",
  path: "/api/account",
  role: "admin",
  tag: "settings",
  summary: "Change the account's settings",
  body: z.strictObject({
    name: z.string().trim().min(1).max(100).optional(),
    time_zone: TimeZone.optional(),
    date_format: z.string().min(1).max(100).optional(),
    fields_masked_in_logs: z.array(z.string().max(100)).max(500).optional(),
    /** The password's mask, sent back, keeps what is stored; it is kept for the same host and port only. */
    smtp: SmtpServer.extend({ password: z.string().max(1000).default("") })
      .nullable()
      .optional(),
    provider_connects: ProviderConnects.optional(),
    revision: MadeOnRevision,
  }),
  status: 200,
  answer: Account,
});

export const User = z.object({
  id: UserId,
  name: z.string(),
  email: z.string(),
  role: Role,
  active: z.boolean(),
  created_at: z.iso.datetime(),
  revision: z.number().int(),
});

export const listUsers = endpoint({
  method: "GET",
  path: "/api/users",
  role: "admin",
  tag: "access",
  summary: "The account's users",
  query: PageQuery,
  status: 200,
  answer: pageOf(User),
});

export const updateUser = endpoint({
  method: "PATCH",
  path: "/api/users/{id}",
  role: "admin",
  tag: "access",
  summary: "Change a user's name, role, or whether they may sign in",
  params: z.object({ id: UserId }),
  body: z.strictObject({
    name: z.string().trim().min(1).max(100).optional(),
    role: Role.optional(),
    active: z.boolean().optional(),
    revision: MadeOnRevision,
  }),
  status: 200,
  answer: User,
});

export const inviteUser = endpoint({
  method: "POST",
  path: "/api/invitations",
  role: "admin",
  tag: "access",
  summary: "Invite a person by a one-time link, shown once",
  body: z.strictObject({ email: z.email("write an e-mail address"), role: Role }),
  status: 201,
  answer: z.object({ link: z.string(), expires_at: z.iso.datetime() }),
});

export const showInvitation = endpoint({
  method: "GET",
  path: "/api/invitations/{code}",
  role: "anyone",
  tag: "access",
  summary: "Who is invited to what",
  params: z.object({ code: z.string().min(20).max(100) }),
  status: 200,
  answer: z.object({ email: z.string(), account_name: z.string(), role: Role }),
});

export const acceptInvitation = endpoint({
  method: "POST",
  path: "/api/invitations/{code}/accept",
  role: "anyone",
  tag: "access",
  summary: "Join the account",
  params: z.object({ code: z.string().min(20).max(100) }),
  body: z.strictObject({
    name: z.string().trim().min(1, "tell your name").max(100),
    password: Password,
  }),
  status: 201,
  answer: z.object({ email: z.string() }),
});

/** Sections and single endpoints an API token may be given. */
export const accessSections = ["leads", "events", "callbacks", "dnc", "metrics", "admin"] as const;
export const accessEndpoints = ["leads/insert"] as const;
/** Sections of spec 9 whose endpoints come later; a command may give them already, so that a script holds for then too. */
export const laterSections = ["lists", "log"] as const;
export const TokenAccess = z.enum([...accessSections, ...accessEndpoints]);

export const Token = z.object({
  id: TokenId,
  name: z.string(),
  access: z.array(z.string()),
  rate_per_second: z.number().int().nullable(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
  expires_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
});
export type Token = z.infer<typeof Token>;

export const listTokens = endpoint({
  method: "GET",
  path: "/api/tokens",
  role: "admin",
  tag: "access",
  summary: "API tokens, without their secrets",
  query: PageQuery,
  status: 200,
  answer: pageOf(Token),
});

export const createToken = endpoint({
  method: "POST",
  path: "/api/tokens",
  role: "admin",
  tag: "access",
  summary: "Make an API token; its secret is shown this once",
  body: z.strictObject({
    name: z.string().trim().min(1, "give the token a name").max(100),
    access: z.array(TokenAccess).min(1, "choose what the token may do"),
    rate_per_second: z.number().int().positive().max(100_000).nullable().default(null),
    expires_at: z.iso.datetime().nullable().default(null),
  }),
  status: 201,
  answer: Token.extend({ secret: z.string() }),
});

export const revokeToken = endpoint({
  method: "DELETE",
  path: "/api/tokens/{id}",
  role: "admin",
  tag: "access",
  summary: "Revoke an API token at once",
  params: z.object({ id: TokenId }),
  status: 204,
  answer: NoContent,
});

export const AuditEntry = z.object({
  id: z.number().int(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  before: z.unknown(),
  after: z.unknown(),
  /** Secrets that were replaced, by the setting that each stands in: masked, they look the same before and after. */
  replaced_secrets: z.array(z.string()),
});

export const listAudit = endpoint({
  method: "GET",
  path: "/api/audit",
  role: "admin",
  tag: "settings",
  summary: "Who changed what, newest first; secrets masked",
  query: PageQuery,
  status: 200,
  answer: pageOf(AuditEntry),
});
