import { lookup } from "node:dns/promises";
import tls from "node:tls";
import nodemailer from "nodemailer";
import { secretMask } from "../contracts/connect.ts";
import type { SmtpServer } from "../contracts/mail.ts";
import { oneLine, type MailAddress } from "../core/mail-address.ts";
import type { AddressGuard } from "./address-guard.ts";
import { dial } from "./dial.ts";
import { createMask } from "./mask-secrets.ts";
import type { Resolve } from "./open-socket.ts";

export type Mail = {
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
  readonly subject: string;
  readonly body: string;
  /** The body is HTML. */
  readonly html: boolean;
  /** Stable over retries, so that a receiver may know the second copy of one: `<id@domain>` (RFC 5322 3.6.4). */
  readonly messageId: string;
};

/** What the server says is masked, of one line, and short. */
export type MailSent =
  | { readonly ok: true; readonly answer: string }
  /** `again`: it may go through later (RFC 5321 4.2.1: a reply of 4yz, or no answer at all). */
  | { readonly ok: false; readonly again: boolean; readonly because: string };

export type Mailer = { readonly send: (server: SmtpServer, password: string, mail: Mail) => Promise<MailSent> };

export type MailerOptions = {
  readonly guard: AddressGuard;
  readonly resolve?: Resolve;
  /** Certificates to trust besides those of the system. */
  readonly ca?: string;
};

/** Under a worker's lease. */
const mailMs = 25_000;

/** Sends mails by SMTP, over a connection that the address guard has judged, one connection a mail. */
export function createMailer({ guard, resolve = systemResolve, ca }: MailerOptions): Mailer {
  // the library agrees on TLS itself, at once or by STARTTLS: dialling's own is for HTTP
  const secureContext = tls.createSecureContext();
  return {
    send: async (server, password, { from, to, subject, body, html, messageId }) => {
      const clean = cleanerOf(server, password);
      const timeout = AbortSignal.timeout(mailMs);
      const { host, port } = server;
      const dialled = await dial(
        { host, port, secure: false },
        { guard, resolve, secureContext, proxy: null },
        timeout,
      );
      if (!dialled.ok)
        return { ok: false, again: dialled.fault.code !== "blocked_address", because: clean(dialled.fault.detail) };
      const transport = nodemailer.createTransport({
        connection: dialled.socket,
        secure: server.security === "tls",
        host,
        port,
        ignoreTLS: server.security === "none",
        requireTLS: server.security === "starttls",
        tls: { servername: host, ...(ca === undefined ? {} : { ca }) },
        ...(server.username === "" ? {} : { auth: { user: server.username, pass: password } }),
        greetingTimeout: 10_000,
        socketTimeout: 20_000,
        maxResponseSize: replyBytesMax,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const onTimeout = (): void => void dialled.socket.destroy(new Error("the mail server did not take it in time"));
      timeout.addEventListener("abort", onTimeout, { once: true });
      try {
        const sent = await transport.sendMail({
          from,
          to: [...to],
          // what goes into the envelope is decided here, never by reading a header again
          envelope: { from: from.address, to: to.map(({ address }) => address) },
          subject,
          messageId,
          ...(html ? { html: body } : { text: body }),
        });
        const refused = (sent.rejectedErrors ?? []).map((error) => `${error.recipient ?? ""}: ${error.response ?? error.message}`); // prettier-ignore
        return { ok: true, answer: clean([sent.response, ...refused.map((one) => `not to ${one}`)].join("; ")) };
      } catch (error) {
        return failureOf(error, clean);
      } finally {
        timeout.removeEventListener("abort", onTimeout);
        transport.close();
        dialled.socket.destroy();
      }
    },
  };
}

const systemResolve: Resolve = (host) => lookup(host, { all: true });

/** A refused sign-in is tried again, since an admin may mend it; a refused mail is not. */
function failureOf(error: unknown, clean: (text: string) => string): MailSent {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message: string };
  const refused = responseCode !== undefined && responseCode >= 500 && code !== "EAUTH";
  return { ok: false, again: !refused, because: clean(message) };
}

/** Of one reply; the rest is not read. */
const replyBytesMax = 65_536;
/** What of a reply is kept. */
const keptMax = 500;

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/**
 * What came from outside, fit to be stored and shown: without the password, as it is or as signing in writes it (RFC 4616,
 * AUTH LOGIN), without control characters, and short.
 */
function cleanerOf({ username }: SmtpServer, password: string): (text: string) => string {
  const mask = createMask({
    password,
    login: base64(password),
    plain: base64(`\0${username}\0${password}`),
    plainAsItself: base64(`${username}\0${username}\0${password}`),
  });
  // a short one is no word of its own by chance, or it would not be looked for
  const short = password !== "" && password.length < 6 ? new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(password)}(?![\\p{L}\\p{N}])`, "giu") : null; // prettier-ignore
  const hide = (text: string): string => (short === null ? mask(text) : mask(text).replaceAll(short, secretMask));
  return (text) => {
    // once more, since a space may now stand where the server had something else
    const clean = hide(oneLine(hide(text)));
    return clean.length > keptMax ? `${clean.slice(0, keptMax - 1)}…` : clean;
  };
}
