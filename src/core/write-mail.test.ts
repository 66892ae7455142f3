import { describe, expect, test } from "vitest";
import { writeMail } from "./write-mail.ts";

const mail = { to: "{lead.email}", subject: "Hi {lead.first_name}", body: "Dear {lead.first_name}" };
const ada = { "lead.email": "ada@example.com", "lead.first_name": "Ada" };

function write(template: Partial<typeof mail>, values: Record<string, string> = {}) {
  const all: Record<string, string> = { ...ada, ...values };
  return writeMail({ ...mail, ...template }, (name) => all[name] ?? "");
}

const recipientsOf = (template: string, values: Record<string, string>) => {
  const written = write({ to: template }, values);
  return written.ok ? written.to.map(({ name, address }) => `${name}|${address}`) : written.because;
};

describe("recipients", () => {
  test.each([
    ["a name is only a name, whatever it holds", "{lead.first_name} <a@x.com>", { "lead.first_name": "eve@evil.com, Ada" }, ["eve@evil.com, Ada|a@x.com"]],
    ["also with angles and quotes", "{lead.first_name} <a@x.com>", { "lead.first_name": '"x" <eve@evil.com>, y' }, ['"x" <eve@evil.com>, y|a@x.com']],
    ["and it has no line break", "{lead.first_name} <a@x.com>", { "lead.first_name": "Ada\r\nBcc: eve@evil.com\u2028x" }, ["Ada Bcc: eve@evil.com x|a@x.com"]],
    ["a place that is the whole address", "{lead.email}", { "lead.email": " ada@x.com " }, ["|ada@x.com"]],
    ["an empty one is left out beside others", "{lead.email}, b@x.com", { "lead.email": "" }, ["|b@x.com"]],
    ["alone, nobody is left", "{lead.email}", { "lead.email": "" }, "There is no address to send it to"],
    ["several addresses in one place", "{lead.email}", { "lead.email": "a@x.com, b@x.com" }, '{lead.email} holds "a@x.com, b@x.com": several addresses, or none. A place is one recipient'],
    ["the same within angles", "Ada <{lead.email}>", { "lead.email": "a@x.com>,<b@x.com" }, '{lead.email} holds "a@x.com>,<b@x.com": several addresses, or none. A place is one recipient'],
    ["no address", "{lead.email}", { "lead.email": "x\r\nBcc: eve@evil.com" }, '{lead.email} holds "x Bcc: eve@evil.com", which is not an e-mail address'],
    ["a part of an address", "{lead.first_name}@x.com", {}, ["|Ada@x.com"]],
    ["which brings no domain", "{lead.first_name}@x.com", { "lead.first_name": "eve@evil.com" }, '{lead.first_name} holds "eve@evil.com", which can\'t be a part of {lead.first_name}@x.com'],
    ["and no route", "{lead.first_name}@x.com", { "lead.first_name": "eve%evil.com" }, '{lead.first_name} holds "eve%evil.com", which can\'t be a part of {lead.first_name}@x.com'],
    ["a part that makes it none", "{lead.first_name}@x.com", { "lead.first_name": "a b" }, '{lead.first_name}@x.com becomes "a b@x.com", which is not an e-mail address'],
    ["an empty part", "{lead.nick}@x.com", {}, '{lead.nick}@x.com becomes "@x.com", which is not an e-mail address'],
    ["what nobody can read", "Ada", {}, "Its recipients can't be read. There is no e-mail address at character 1: write ada@example.com or Name <ada@example.com>, and part several by commas"],
  ])("%s", (_, template, values, expected) => {
    expect(recipientsOf(template, values)).toEqual(expected);
  }); // prettier-ignore
});

test("the subject is one line", () => {
  const breaks = "a\r\nBcc: x@y.com\vb\fc\u0085d\u2028e\u2029f\0";
  expect(write({}, { "lead.first_name": breaks })).toMatchObject({ subject: "Hi a Bcc: x@y.com b c d e f" });
});

const htmlOf = (template: string, value: string) => {
  const written = write({ body: template }, { "lead.x": value });
  return written.ok && written.html ? written.body : written;
};

describe("HTML", () => {
  test.each([
    ["text", "<p>{lead.x}</p>", `<b>&"'</b>`, "<p>&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;</p>"],
    ["a comment", "<!-- {lead.x} -->", "--><script>", "<!-- --&gt;&lt;script&gt; -->"],
    ["an attribute", '<p title="{lead.x}">', '" onclick="x', '<p title="&quot; onclick=&quot;x">'],
    ["an attribute without quotes", "<p title={lead.x}>", "a onclick=x", "<p title=a&#32;onclick&#61;x>"],
    ["a tag", "<p {lead.x}>", "onclick=x ", "<p onclick&#61;x&#32;>"],
    ["the query of a link", '<a href="https://x.com/?n={lead.x}&m=1">', "a&b=c d", '<a href="https://x.com/?n=a%26b%3Dc%20d&m=1">'],
    ["a whole link", '<a href="{lead.x}">', "https://x.com/?a=1&b=2", '<a href="https://x.com/?a=1&amp;b=2">'],
    ["a script is no link", '<a href="{lead.x}">', "javascript:alert(1)", '<a href="javascript%3Aalert%281%29">'],
    ["nor in capitals, after a space, without quotes", "<a HREF={lead.x}>", " JavaScript:alert(1)", "<a HREF=&#37;20JavaScript&#37;3Aalert&#37;281&#37;29>"],
    ["after a >  in quotes", '<a title="a > b" href="{lead.x}">', "javascript:x", '<a title="a > b" href="javascript%3Ax">'],
    ["after an attribute", '<a href="https://x.com">{lead.x}</a>', "a b", '<a href="https://x.com">a b</a>'],
    ["a sign that is no tag", "<p>1 < 2 {lead.x}</p>", "<", "<p>1 < 2 &lt;</p>"],
  ])("%s", (_, template, value, expected) => {
    const whole = template.startsWith("<p") || template.startsWith("<a") ? template : `<p>${template}</p>`;
    const wanted = whole === template ? expected : `<p>${expected}</p>`;
    expect(htmlOf(whole, value)).toBe(wanted);
  }); // prettier-ignore
});

describe("a mail larger than 1 MiB names the part that passes it", () => {
  const notes = "x".repeat(60_000);
  const many = "{lead.notes}".repeat(600);
  test.each([
    ["its recipients", { to: `${many} <a@x.com>` }],
    ["its subject", { subject: many }],
    ["its text", { body: many }],
    ["its text", { body: `<p>${many}` }],
    ["its text", { subject: "{lead.notes}".repeat(9), body: "{lead.notes}".repeat(9) }],
  ])("%s", (part, template) => {
    const written = write(template, { "lead.notes": notes });
    expect(written).toMatchObject({ ok: false, because: expect.stringContaining(`larger than 1 MiB (payload_too_large): ${part} passes it`) }); // prettier-ignore
  });
  test("as it is escaped", () => {
    expect(write({ body: "<p>{lead.notes}" }, { "lead.notes": '"'.repeat(200_000) }).ok).toBe(false);
    expect(write({ body: "{lead.notes}" }, { "lead.notes": '"'.repeat(200_000) }).ok).toBe(true);
  });
});
