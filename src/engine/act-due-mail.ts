import { domainToASCII } from "node:url";
import type { SmtpServer } from "../contracts/mail.ts";
import type { Snapshot } from "../contracts/fields.ts";
import type { Action } from "../contracts/workflow.ts";
import { parseSender } from "../core/mail-address.ts";
import { waitBeforeNext } from "../core/retry-schedule.ts";
import { placeFiller } from "../core/write-field.ts";
import { writeMail } from "../core/write-mail.ts";
import type { Mail, Mailer, MailSent } from "../outbound/mail.ts";
import { accountScope, type AccountScope } from "../store/account-scope.ts";
import { endAction, postponeAction, type ActionEnd, type ClaimedAction } from "../store/actions.ts";
import type { Database } from "../store/database.ts";
import { findMailSettings, openSmtpPassword } from "../store/mail-settings.ts";
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
    const written = await prepareMail(scope, claimed, looked.mapping, options.secretBox, now);
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
      note: `To ${mail.to.map(({ address }) => address).join(", ")}: ${sent.answer}`,
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

/** Fills the places from what the event knew, or the lead as it is now. */
async function prepareMail(
  scope: AccountScope,
  claimed: ClaimedAction,
  context: MappingContext,
  secretBox: SecretBox,
  now: Date,
): Promise<Written | { readonly because: string }> {
  const action = claimed.payload.action as Extract<Action, { type: "email" }>;
  const settings = await findMailSettings(scope);
  const { smtp } = settings;
  if (smtp === null) return { because: "No mail server is set: Settings → E-mail" };
  const password = openSmtpPassword(secretBox, scope.accountId, settings);
  if (password === null)
    return { because: "The mail server is not the one that its password was saved for. Type it again: Settings → E-mail" }; // prettier-ignore
  const from = parseSender(smtp.from);
  if (from === null) return { because: "From is no e-mail address: Settings → E-mail" };
  const snapshot: Snapshot = await latestOr({
    scope,
    action,
    leadId: claimed.leadId,
    snapshot: claimed.payload.snapshot,
  });
  const valueOf = placeFiller(snapshot, context.customFields, mappingOptions(context, now));
  const written = writeMail(action, valueOf);
  if (!written.ok) return written;
  const { to, subject, body, html } = written;
  const domain = domainToASCII(from.address.slice(from.address.indexOf("@") + 1)) || "localhost";
  const messageId = `<${claimed.id}@${domain}>`;
  return { server: smtp, password, mail: { from, to, subject, body, html, messageId } };
}

const failed = (note: string): ActionEnd => ({ state: "failed", note, deliveryId: null });
