import { lookup } from "node:dns/promises";
import tls from "node:tls";
import nodemailer from "nodemailer";
import type { SmtpServer } from "../contracts/mail.ts";
import type { AddressGuard } from "./address-guard.ts";
import { dial } from "./dial.ts";
import type { Resolve } from "./open-socket.ts";

export type Mail = {
  /** Addresses, plain or as `Name <address>`. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
  /** The body is HTML. */
  readonly html: boolean;
  /** Stable over retries, so that a receiver may know the second copy of one: `<id@domain>` (RFC 5322 3.6.4). */
  readonly messageId: string;
};

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
    send: async (server, password, mail) => {
      const timeout = AbortSignal.timeout(mailMs);
      const { host, port } = server;
      const dialled = await dial(
        { host, port, secure: false },
        { guard, resolve, secureContext, proxy: null },
        timeout,
      );
      if (!dialled.ok)
        return { ok: false, again: dialled.fault.code !== "blocked_address", because: dialled.fault.detail };
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
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const onTimeout = (): void => void dialled.socket.destroy(new Error("the mail server did not take it in time"));
      timeout.addEventListener("abort", onTimeout, { once: true });
      try {
        const { to, subject, body, html, messageId } = mail;
        const sent = await transport.sendMail({
          from: server.from,
          to: [...to],
          subject,
          messageId,
          ...(html ? { html: body } : { text: body }),
        });
        return { ok: true, answer: sent.response };
      } catch (error) {
        return failureOf(error);
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
function failureOf(error: unknown): MailSent {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message: string };
  const refused = responseCode !== undefined && responseCode >= 500 && code !== "EAUTH";
  return { ok: false, again: !refused, because: message.slice(0, 500) };
}
