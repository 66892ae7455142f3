import { SmtpServer } from "../contracts/mail.ts";
import type { Snapshot } from "../contracts/fields.ts";
import type { Action } from "../contracts/workflow.ts";
import { fillPlaces } from "../core/fill-places.ts";
import { waitBeforeNext } from "../core/retry-schedule.ts";
import { placeFiller } from "../core/write-field.ts";
import type { Mail, Mailer, MailSent } from "../outbound/mail.ts";
import { accountScope, type AccountScope } from "../store/account-scope.ts";
import { endAction, postponeAction, type ActionEnd, type ClaimedAction } from "../store/actions.ts";
import type { Database } from "../store/database.ts";
import type { MappingContext } from "../store/mapping-context.ts";
import type { SecretBox } from "../store/secret-box.ts";
import { lookAgain } from "./act-due-one.ts";
import { latestOr } from "./perform-action.ts";
import { mappingOptions } from "./plan-delivery.ts";

export type MailDeps = {
  readonly db: Database;
  readonly mailer: Mailer;
  readonly secretBox: SecretBox;
  readonly now?: () => Date;
  /** From 0 to below 1. */
  readonly random?: () => number;
};

/**
 * Sends a mail that is due: looked at in one transaction, sent outside any, and marked in another. At least once, with a
 * stable Message-ID; what may go through later is tried again by schedule until it is given up.
 */
export async function actDueMail(options: MailDeps, claimed: ClaimedAction): Promise<void> {
  const { db } = options;
  const now = (options.now ?? (() => new Date()))();
  const ready = await db.transaction(async (tx) => {
    const scope = accountScope(tx, claimed.accountId);
    const looked = await lookAgain(scope, claimed, now);
    if (looked.kind === "later")
      await postponeAction(scope, claimed, { inMs: looked.inMs, tried: false, note: looked.because });
    if (looked.kind === "over") await endAction(scope, claimed, looked.end);
    if (looked.kind !== "go") return null;
    const written = await writeMail(scope, claimed, looked.mapping, options.secretBox, now);
    if ("because" in written) await endAction(scope, claimed, failed(written.because));
    return "because" in written ? null : written;
  });
  if (ready === null) return;
  const sent = await options.mailer.send(ready.server, ready.password, ready.mail);
  await noteSent(options, claimed, ready.mail, sent);
}

async function noteSent({ db, random }: MailDeps, claimed: ClaimedAction, mail: Mail, sent: MailSent): Promise<void> {
  const scope = accountScope(db, claimed.accountId);
  if (sent.ok) {
    await endAction(scope, claimed, {
      state: "done",
      note: `To ${mail.to.join(", ")}: ${sent.answer}`,
      deliveryId: null,
    });
    return;
  }
  const waitMs = waitBeforeNext("default", claimed.attempts + 1, (random ?? Math.random)()) ?? 0;
  if (!sent.again || Date.now() + waitMs > claimed.giveUpAt.getTime())
    await endAction(scope, claimed, failed(`The mail server did not take it: ${sent.because}`));
  else
    await postponeAction(scope, claimed, {
      inMs: waitMs,
      tried: true,
      note: `The mail server did not take it yet: ${sent.because}`,
    });
}

type Written = { readonly server: SmtpServer; readonly password: string; readonly mail: Mail };

/** Fills the places; a value stays a value, whatever it holds: in HTML it is escaped, in an address nothing but one. */
async function writeMail(
  scope: AccountScope,
  claimed: ClaimedAction,
  context: MappingContext,
  secretBox: SecretBox,
  now: Date,
): Promise<Written | { readonly because: string }> {
  const action = claimed.payload.action as Extract<Action, { type: "email" }>;
  const settings = await smtpOf(scope, secretBox);
  if (settings === null) return { because: "No mail server is set: Settings → E-mail" };
  const snapshot: Snapshot = await latestOr({
    scope,
    action,
    leadId: claimed.leadId,
    snapshot: claimed.payload.snapshot,
  });
  const valueOf = placeFiller(snapshot, context.customFields, mappingOptions(context, now));
  const fill = (text: string, escape = (value: string): string => value): string =>
    fillPlaces(text, ({ name }) => escape(valueOf(name)));
  const to = fill(action.to).split(/[,;]/).map((address) => address.trim()).filter((address) => address !== ""); // prettier-ignore
  if (to.length === 0) return { because: "There is no address to send it to" };
  const wrong = to.find((address) => !isAddress(address));
  if (wrong !== undefined) return { because: `${wrong} is not an e-mail address` };
  const html = /^\s*<(!doctype|html|[a-z]+[\s>])/i.test(action.body);
  const domain = /@([^\s>]+)>?\s*$/.exec(settings.server.from)?.[1] ?? "localhost";
  return {
    ...settings,
    mail: {
      to,
      subject: fill(action.subject).replaceAll(/[\r\n]+/g, " "),
      body: fill(action.body, html ? escapeHtml : undefined),
      html,
      messageId: `<${claimed.id}@${domain}>`,
    },
  };
}

async function smtpOf(scope: AccountScope, secretBox: SecretBox): Promise<Pick<Written, "server" | "password"> | null> {
  const [row] = await scope.query<{ smtp: unknown; secrets: Uint8Array | null }>(
    "select smtp, smtp_secrets as secrets from accounts where id = $1",
  );
  const server = SmtpServer.safeParse(row?.smtp);
  if (row === undefined || !server.success) return null;
  const { accountId } = scope;
  const secrets =
    row.secrets === null ? {} : secretBox.open(row.secrets, { table: "accounts", account: accountId, id: accountId });
  return { server: server.data, password: secrets["password"] ?? "" };
}

/** `ada@example.com` or `Ada <ada@example.com>`; whether it exists only the mail tells. */
function isAddress(text: string): boolean {
  return (
    /^(?:[^<>@\r\n]*<)?[^\s<>@,;:"()]{1,64}@[^\s<>@,;:"()]{1,253}>?$/.test(text) &&
    text.includes("<") === text.endsWith(">")
  );
}

function escapeHtml(value: string): string {
  const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return value.replaceAll(/[&<>"']/g, (sign) => signs[sign]!);
}

const failed = (note: string): ActionEnd => ({ state: "failed", note, deliveryId: null });
