import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FieldValues } from "../../src/contracts/fields.ts";
import type { LeadId, WorkflowId } from "../../src/contracts/ids.ts";
import type { SmtpServer } from "../../src/contracts/mail.ts";
import { createActor } from "../../src/engine/act-due.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { createAddressGuard } from "../../src/outbound/address-guard.ts";
import { createMailer } from "../../src/outbound/mail.ts";
import { sealSmtpPassword } from "../../src/store/mail-settings.ts";
import { cloneDatabase } from "../clone-database.ts";
import { eventually, loopbackSender, makeAccount, quiet, secretBox, type TestAccount } from "../engine/fixtures.ts";
import { startTcpReceiver, type TcpReceiver } from "../receiver.ts";
import { actionsOf, disposition, endedActions, happen, makeWorkflow, saveLead, type ActionSeen } from "./fixtures.ts";

const clone = cloneDatabase();
const mailer = createMailer({ guard: createAddressGuard(["127.0.0.0/8"]) });
let engine: Engine;
let account: TestAccount;
let leadId: LeadId;
let accounts = 0;
beforeAll(() => {
  const actor = createActor({ db: clone.db, mailer, secretBox, log: quiet, random: () => 0 });
  engine = createEngine({ db: clone.db, sender: loopbackSender(), secretBox, log: quiet, worker: true, random: () => 0, actor }); // prettier-ignore
  engine.start();
});
afterAll(() => engine.stop(1_000));
beforeEach(async () => {
  account = await makeAccount(clone.db, `Acme ${++accounts}`);
  ({ leadId } = account);
});

const sale = (): Promise<void> => happen(clone.db, account, [disposition(leadId, "SALE")]);
const onSale = [{ type: "disposition" as const, statuses: ["SALE"] }];
/** Time passes: everything pending is due. */
const passTime = async (): Promise<void> => {
  await account.scope.query("update due set due_at = now() where account_id = $1 and kind = 'action'");
  engine.wake();
};
const over = (id: WorkflowId): Promise<ActionSeen[]> => endedActions(account, id);
const noteOf = async (id: WorkflowId): Promise<string> =>
  eventually(async () => (await actionsOf(account, id))[0]?.note);

const mail = {
  type: "email" as const,
  to: "{lead.email}",
  subject: "Hello {lead.first_name}",
  body: "Dear {lead.first_name} {lead.last_name},\nyour status is {call.status}.",
};
const mailOnSale = (more: Partial<typeof mail> = {}): Promise<WorkflowId> =>
  makeWorkflow(account, { events: onSale, action_sets: [{ actions: [{ ...mail, ...more }] }] });

const setServer = async (port: number, username = "", password = "", more: Partial<SmtpServer> = {}): Promise<void> => {
  const from = "Acme Calls <news@example.com>";
  const smtp: SmtpServer = { host: "127.0.0.1", port, security: "none", username, from, ...more };
  await account.scope.query("update accounts set smtp = $2, smtp_secrets = $3 where id = $1", [
    JSON.stringify(smtp),
    sealSmtpPassword(secretBox, account.accountId, smtp, password),
  ]);
};

type Received = { readonly to: string[]; readonly text: string; readonly user: string | undefined };
type Smtp = AsyncDisposable & { readonly port: number; readonly received: Received[] };

async function startSmtp(options: SMTPServerOptions = {}): Promise<Smtp> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      done(password === "smtp-pass" ? null : new Error("no such user"), { user: username }),
    onData: (stream, session, done) => {
      let text = "";
      stream.on("data", (piece: Buffer) => (text += piece.toString()));
      stream.on("end", () => {
        received.push({ to: session.envelope.rcptTo.map(({ address }) => address), text, user: session.user });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done());
    });
  return { port, received, [Symbol.asyncDispose]: close };
}

/** The head of a mail, folded lines made one. */
const headOf = (text: string): string => text.slice(0, text.indexOf("\r\n\r\n")).replaceAll(/\r\n[ \t]+/g, " ");

describe("a mail", () => {
  test("goes out by SMTP with its places filled, signed in, under a Message-ID of the action's", async () => {
    await using server = await startSmtp();
    await setServer(server.port, "acme", "smtp-pass");
    const id = await mailOnSale();
    await sale();
    const [action] = await over(id);
    expect(action).toMatchObject({ state: "done", note: expect.stringContaining("To ada@example.com") as string });
    expect(server.received).toMatchObject([{ to: ["ada@example.com"], user: "acme" }]);
    const { text } = server.received[0]!;
    expect(text).toContain(`Message-ID: <${action!.id}@example.com>`);
    expect(text).toContain("From: Acme Calls <news@example.com>");
    expect(text).toContain("Subject: Hello Ada");
    expect(text).toContain("Dear Ada Example,\r\nyour status is SALE.");
  });

  test("a value stays a value: no markup in HTML, no second header, no address that is none", async () => {
    await saveLead(clone.db, account, leadId, { first_name: "<b>Ada</b>", city: "x\r\nBcc: eve@example.com" });
    await using server = await startSmtp();
    await setServer(server.port);
    const html = await mailOnSale({ subject: "From {lead.city}", body: "<p>Hi {lead.first_name}</p>" });
    const wrong = await mailOnSale({ to: "{lead.first_name}" });
    await sale();
    expect(await over(html)).toMatchObject([{ state: "done" }]);
    expect(server.received[0]!.text).toContain("Hi &lt;b&gt;Ada&lt;/b&gt;");
    expect(server.received[0]!.to).toEqual(["ada@example.com"]);
    expect(server.received[0]!.text).not.toMatch(/^Bcc:/m);
    const note = '{lead.first_name} holds "<b>Ada</b>", which is not an e-mail address';
    expect(await over(wrong)).toMatchObject([{ state: "failed", note }]);
  });

  test.each([
    ["a comma", "eve@evil.example, Ada"],
    ["a semicolon", "eve@evil.example; Ada"],
    ["angles", "x <eve@evil.example>, y"],
    ["quotes", '" <eve@evil.example>, "'],
    ["a group", "all: eve@evil.example, mallory@evil.example;"],
    ["a comment", "(x) eve@evil.example (y"],
    ["line breaks", "Ada\r\nBcc: eve@evil.example\r\n\r\nHi"],
    ["other line breaks", "Ada\u2028Cc: eve@evil.example\u0085Bcc: eve@evil.example\vBcc: eve@evil.example"],
    ["a backslash", "Ada\\"],
    ["signs of an encoded word", "=?utf-8?Q?=22=20=3Ceve=40evil.example=3E=2C?="],
  ])("a name with %s adds no recipient and no header", async (_, name) => {
    await saveLead(clone.db, account, leadId, { first_name: name });
    await using server = await startSmtp();
    await setServer(server.port);
    const id = await mailOnSale({ to: "{lead.first_name} <fixed@example.com>", subject: "{lead.first_name}" });
    await sale();
    expect(await over(id)).toMatchObject([{ state: "done", note: expect.stringMatching(/^To fixed@example.com: /) as string }]); // prettier-ignore
    expect(server.received.map(({ to }) => to)).toEqual([["fixed@example.com"]]);
    const head = headOf(server.received[0]!.text);
    expect(head).not.toMatch(/^(?:cc|bcc):/im);
    expect(head.match(/^to:/gim)).toHaveLength(1);
    // whoever reads the header again finds one address, the fixed one, after one quoted or encoded name
    expect(/^To: (.*)$/m.exec(head)?.[1]).toMatch(/^(?:"(?:[^"\\]|\\.)*"|[^"<>,;:@()]*) <fixed@example\.com>$/);
  });

  test.each([
    ["two addresses", "ada@example.com, eve@evil.example"],
    ["an address and a header", "ada@example.com\r\nBcc: eve@evil.example"],
    ["a name", "Eve <eve@evil.example>"],
    ["a group", "all: eve@evil.example;"],
    ["an @ that is none", "ada@example.com\uff20evil.example"],
  ])("a place that is a recipient is exactly one address: %s is sent to nobody", async (_, email) => {
    await saveLead(clone.db, account, leadId, { address1: email });
    await using server = await startSmtp();
    await setServer(server.port);
    const id = await mailOnSale({ to: "fixed@example.com, {lead.address1}" });
    await sale();
    expect(await over(id)).toMatchObject([{ state: "failed", note: expect.stringMatching(/^\{lead\.address1\} holds /) as string }]); // prettier-ignore
    expect(server.received).toEqual([]);
  });

  test("refused for now it waits and goes again under the same Message-ID; refused for good it fails with the server's words", async () => {
    let refuses = 1;
    await using server = await startSmtp({
      onRcptTo: ({ address }, _session, done) => {
        if (address.startsWith("nobody"))
          return done(Object.assign(new Error("no such mailbox"), { responseCode: 550 }));
        return done(refuses-- > 0 ? Object.assign(new Error("try later"), { responseCode: 451 }) : null);
      },
    });
    await setServer(server.port);
    const later = await mailOnSale();
    await sale();
    await eventually(async () => (await actionsOf(account, later))[0]?.note.includes("try later"));
    expect((await actionsOf(account, later))[0]).toMatchObject({ state: "pending" });
    await passTime();
    expect(await over(later)).toMatchObject([{ state: "done" }]);
    const never = await mailOnSale({ to: "nobody@example.com" });
    const some = await mailOnSale({ to: "nobody@example.com, ada@example.com" });
    await sale();
    const words = expect.stringContaining("no such mailbox") as string;
    expect(await over(never)).toMatchObject([{ state: "failed", note: words }]);
    expect(await over(some)).toMatchObject([{ state: "done", note: expect.stringMatching(/not to nobody@example.com: .*no such mailbox/) as string }]); // prettier-ignore
  });

  test("no server set, a sender that is none, and a server that the guard refuses, fail with the reason", async () => {
    const id = await mailOnSale();
    await sale();
    expect(await over(id)).toMatchObject([{ state: "failed", note: "No mail server is set: Settings → E-mail" }]);
    await setServer(1, "", "", { from: "a@example.com, b@example.com" });
    const other = await mailOnSale();
    await sale();
    expect(await over(other)).toMatchObject([{ note: "From is no e-mail address: Settings → E-mail" }]);
    const strict = createMailer({ guard: createAddressGuard([]) });
    const sent = await strict.send(
      { host: "127.0.0.1", port: 25, security: "none", username: "", from: "a@example.com" },
      "",
      {
        from: { name: "", address: "a@example.com" },
        to: [{ name: "", address: "b@example.com" }],
        subject: "",
        body: "",
        html: false,
        messageId: "<1@example.com>",
      },
    );
    expect(sent).toMatchObject({ ok: false, again: false, because: expect.stringContaining("loopback") as string });
  });

  test("no value ends the mail and begins another", async () => {
    const smuggled = "MAIL FROM:<eve@evil.example>\r\nRCPT TO:<eve@evil.example>\r\nDATA\r\nHi\r\n.\r\n";
    const ends = ["\r\n.\r\n", "\n.\n", "\r.\r", "\n.\r\n"];
    await saveLead(clone.db, account, leadId, { notes: ends.map((end) => `x${end}${smuggled}`).join("") });
    await using server = await startSmtp();
    await setServer(server.port, "", "", { from: "Zoë <news@münchen.example>" });
    const id = await mailOnSale({ body: "{lead.notes}", subject: "{lead.notes}" });
    await sale();
    expect(await over(id)).toMatchObject([{ state: "done" }]);
    expect(server.received.map(({ to }) => to)).toEqual([["ada@example.com"]]);
    expect(headOf(server.received[0]!.text)).toMatch(/^Message-ID: <[0-9a-f-]+@xn--mnchen-3ya\.example>$/m);
  });

  test("larger than 1 MiB it is not written, and says which part passed", async () => {
    await saveLead(clone.db, account, leadId, { notes: "x".repeat(60_000) });
    await using server = await startSmtp();
    await setServer(server.port);
    const id = await mailOnSale({ body: "{lead.notes}".repeat(600) });
    await sale();
    expect(await over(id)).toMatchObject([{ state: "failed", note: expect.stringContaining("(payload_too_large): its text passes it") as string }]); // prettier-ignore
    expect(server.received).toEqual([]);
  });
});

describe("the stored password", () => {
  const elsewhere: [string, FieldValues | object][] = [
    ["another host", { host: "localhost" }],
    ["another user", { username: "eve" }],
    ["another encryption", { security: "tls" }],
  ];
  test.each(elsewhere)("is not sent to %s that was written into the row", async (_, changed) => {
    await using server = await startSmtp();
    await setServer(server.port, "acme", "smtp-pass");
    await account.scope.query("update accounts set smtp = smtp || $2 where id = $1", [JSON.stringify(changed)]);
    const id = await mailOnSale();
    await sale();
    expect(await noteOf(id)).toContain("not the one that its password was saved for");
    expect(server.received).toEqual([]);
  });

  test("nor to another port", async () => {
    await using server = await startSmtp();
    await setServer(1, "acme", "smtp-pass");
    await account.scope.query("update accounts set smtp = smtp || $2 where id = $1", [JSON.stringify({ port: server.port })]); // prettier-ignore
    const id = await mailOnSale();
    await sale();
    expect(await over(id)).toMatchObject([{ state: "failed" }]);
    expect(server.received).toEqual([]);
  });

  test("that was stored before this was kept with it belongs to the server beside it", async () => {
    await using server = await startSmtp();
    await setServer(server.port, "acme");
    const { accountId } = account;
    const old = secretBox.seal({ password: "smtp-pass" }, { table: "accounts", account: accountId, id: accountId });
    await account.scope.query("update accounts set smtp_secrets = $2 where id = $1", [old]);
    const id = await mailOnSale();
    await sale();
    expect(await over(id)).toMatchObject([{ state: "done" }]);
    expect(server.received).toMatchObject([{ user: "acme" }]);
  });
});

/** A mail server told what to say to each command, the first time. `""` closes. */
async function startTalker(greeting: string, say: (command: string) => string): Promise<TcpReceiver> {
  return startTcpReceiver((socket) => {
    socket.on("error", () => {});
    socket.write(`${greeting}\r\n`);
    let inMail = false;
    socket.on("data", (piece: Buffer) => {
      for (const line of piece
        .toString()
        .split("\r\n")
        .filter((one) => one !== "")) {
        if (inMail && line !== ".") continue;
        inMail = line === "DATA";
        socket.write(`${say(line)}\r\n`);
      }
    });
  });
}

const usual = (command: string): string => {
  if (command.startsWith("EHLO")) return "250-talker\r\n250 AUTH PLAIN LOGIN";
  if (command.startsWith("AUTH")) return "235 welcome";
  if (command === "DATA") return "354 go on";
  return "250 fine";
};

describe("what the mail server says is masked before it is stored", () => {
  const password = "hunter-2+pass wörd";
  const login = Buffer.from(password).toString("base64");
  const plain = Buffer.from(`\0acme\0${password}`).toString("base64");
  const forms: Record<string, string> = {
    "as it is": password,
    "URL-encoded": encodeURIComponent(password),
    "as JSON": JSON.stringify({ password }),
    "as AUTH PLAIN": plain,
    "as AUTH LOGIN": login,
    "in base64 within more": Buffer.from(`user=acme;${password};`).toString("base64"),
  };
  const steps: [string, string, (command: string, echo: string) => string][] = [
    ["in its greeting", "554", (command) => usual(command)],
    ["refusing to sign in", "", (command, echo) => (command.startsWith("AUTH") ? `535 no ${echo}` : usual(command))],
    ["in several lines", "", (command, echo) => (command.startsWith("AUTH") ? `535-no\r\n535-${echo}\r\n535 bye` : usual(command))],
    ["refusing a recipient", "", (command, echo) => (command.startsWith("RCPT") ? `550 no ${echo}` : usual(command))],
    ["refusing for now", "", (command, echo) => (command.startsWith("MAIL") ? `451 later ${echo}` : usual(command))],
    ["refusing the mail", "", (command, echo) => (command === "." ? `554 no ${echo}` : usual(command))],
    ["taking the mail", "", (command, echo) => (command === "." ? `250 queued ${echo}` : usual(command))],
  ]; // prettier-ignore
  test.each(steps)("%s", async (_, greeting, say) => {
    for (const [form, echo] of Object.entries(forms)) {
      const greets = greeting === "" ? "220 talker" : `${greeting} no ${echo}`;
      await using server = await startTalker(greets, (command) => say(command, echo));
      await setServer(server.port, "acme", password);
      const id = await mailOnSale();
      await sale();
      const note = await noteOf(id);
      expect([form, note]).toEqual([form, expect.stringContaining("••••••••")]);
      for (const leaked of [password, login, plain, encodeURIComponent(password), "hunter-2"])
        expect(note).not.toContain(leaked);
    }
  });

  test("also a short password, where it is a word", async () => {
    await using server = await startTalker("220 talker", (command) =>
      command.startsWith("AUTH") ? "535 pw12 is no password, nor is spw123 or AGFjbWUAcHcxMg==" : usual(command),
    );
    await setServer(server.port, "acme", "pw12");
    const id = await mailOnSale();
    await sale();
    const note = await noteOf(id);
    expect(note).toContain("535 •••••••• is no password, nor is spw123 or ••••••••");
  });

  test("is one line, short, and of a reply without end not all is read", async () => {
    await using server = await startTalker("220 talker", (command) =>
      command.startsWith("RCPT") ? `550 a\u2028b\u0007c\u001b[31m ${"x".repeat(2_000)}` : usual(command),
    );
    await setServer(server.port, "acme", password);
    const id = await mailOnSale();
    await sale();
    const [{ note }] = (await over(id)) as [ActionSeen];
    expect(note).toContain("550 a b c [31m xxx");
    expect(note.length).toBeLessThan(600);
    expect(note).not.toMatch(/[\p{Cc}\u2028]/u);
    await using endless = await startTalker("220 talker", (command) =>
      command.startsWith("RCPT") ? "5".repeat(100_000) : usual(command),
    );
    await setServer(endless.port, "acme", password);
    const other = await mailOnSale();
    await sale();
    expect((await noteOf(other)).length).toBeLessThan(600);
  });
});
