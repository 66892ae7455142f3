import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAddress, oneLine, parseRecipients, parseSender } from "./mail-address.ts";

const parsed = (text: string) => {
  const found = parseRecipients(text);
  return found.ok
    ? found.recipients.map(({ name, address }) => (name === "" ? address : `${name}|${address}`))
    : `${found.position}: ${found.message.replace(/ at character.*/, "")}`;
};

describe("recipients", () => {
  test.each([
    ["one address", "ada@example.com", ["ada@example.com"]],
    ["a place that is the whole of it", " {lead.email} ", ["{lead.email}"]],
    ["several, parted by commas or semicolons", "a@x.com, b@x.com;c@x.com,", ["a@x.com", "b@x.com", "c@x.com"]],
    ["with a name", "Ada L <ada@example.com>", ["Ada L|ada@example.com"]],
    ["a place in the name", "{lead.first_name} {lead.last_name} <a@x.com>", ["{lead.first_name} {lead.last_name}|a@x.com"]],
    ["a place in the address", "{lead.first_name}@example.com", ["{lead.first_name}@example.com"]],
    ["an address made of places", "{lead.a}@{lead.b|lead.c}.com", ["{lead.a}@{lead.b|lead.c}.com"]],
    ["a quoted name may hold what parts recipients", '"Lovelace, {lead.title}; <Ada>" <ada@x.com>', ["Lovelace, {lead.title}; <Ada>|ada@x.com"]],
    ["a name may hold other signs", "Sales: Europe (all) <a@x.com>", ["Sales: Europe (all)|a@x.com"]],
    ["nobody", " , ", []],
    ["a domain beyond ASCII", "a@münchen.example", ["a@münchen.example"]],
    ["a host without dots", "root@localhost", ["root@localhost"]],
  ])("%s", (_, text, recipients) => {
    expect(parsed(text)).toEqual(recipients);
  }); // prettier-ignore

  test.each([
    ["no address", "a@x.com, Ada", "10: There is no e-mail address"],
    ["a name without an address", "Ada <>", "5: There is no e-mail address"],
    ["nothing closes the angle", "Ada <a@x.com", "5: Nothing closes the <"],
    ["nothing closes the quote", 'x@y.com, "Ada <a@x.com>', "10: Nothing closes the quote"],
    ["an angle too many", "a@x.com>", "8: There is a > without a <"],
    ["something after the address", "<a@x.com> Ada", "11: Something follows the address"],
    ["two addresses in one", "<a@x.com><b@x.com>", "10: Something follows the address"],
    ["a group", "team: a@x.com, b@x.com;", "1: There is no e-mail address"],
    ["a comment", "a@x.com (Ada)", "1: There is no e-mail address"],
    ["a quoted local part", '"a b"@x.com', "1: There is no e-mail address"],
    ["two places that can't be one address", "{lead.email} {lead.email}", "1: There is no e-mail address"],
    ["a place and a second @", "{lead.email}@x@y.com", "1: There is no e-mail address"],
    ["a line break", "a@x.com\nBcc: b@x.com", "1: There is no e-mail address"],
  ])("are refused with the place: %s", (_, text, problem) => {
    expect(parsed(text)).toBe(problem);
  });

  test("whatever is written is read or refused, and what is read are addresses or places", () => {
    const sign = fc.constantFrom("a", "@", "x.com", ",", ";", "<", ">", '"', " ", "{lead.email}", "{lead.", "}", "\\", "(", ":", "\n", "\u2028"); // prettier-ignore
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 30 }), (signs) => {
        const found = parseRecipients(signs.join(""));
        if (!found.ok) return found.position >= 1 && found.position <= signs.join("").length;
        return found.recipients.every(({ address }) => isAddress(address.replaceAll("{lead.email}", "")) || address.includes("{lead.email}")); // prettier-ignore
      }),
    );
  });
});

test.each([
  "a@x.com, b@x.com", "a@x.com;b@x.com", "a b@x.com", "<a@x.com>", "Ada <a@x.com>", "a@x.com\r\nBcc: b@x.com", "a@x.com\0",
  "a@x.com\u2028", "a@x\u200b.com", "\u202ea@x.com", "a@x.com＠evil.com", "a@b@x.com", "a@[127.0.0.1]", "a@x。com", '"a"@x.com', "x:a@b.com;",
  "(c)a@x.com", "a@x.com(c)", "a@", "@x.com", "a", "", "a@-x.com", "a@x..com", "a@.com", `${"a".repeat(65)}@x.com`, `a@${"x.".repeat(130)}com`,
])("%j is not one plain address", (text) => {
  expect(isAddress(text)).toBe(false);
}); // prettier-ignore

test.each(["ada@example.com", "a.b+c_d-e'f@x-y.example", "jürgen@münchen.example", "a@b", "a@हिन्दी.example"])("%j is", (text) => {
  expect(isAddress(text)).toBe(true);
}); // prettier-ignore

test.each([
  ["Acme Calls <news@example.com>", { name: "Acme Calls", address: "news@example.com" }],
  ["news@example.com", { name: "", address: "news@example.com" }],
  ["Acme\u2028Calls <news@example.com>", { name: "Acme Calls", address: "news@example.com" }],
  ["a@example.com, b@example.com", null],
  ["{lead.email}", null],
  ["Acme", null],
])("a mail from %j", (text, sender) => {
  expect(parseSender(text)).toEqual(sender);
});

test("one line has no control character, no line break of any kind, and no space around it", () => {
  expect(oneLine(" a\r\nb\vc\fd\u0085e\u2028f\u2029g\0h\t ")).toBe("a b c d e f g h");
});
