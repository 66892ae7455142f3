import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { secretMask as mask } from "../contracts/connect.ts";
import type { RequestPlan } from "./request.ts";
import { quoteForShell, showRequest } from "./show-request.ts";

const secret = { secret: "api_authentication.key", encode: "as_is" } as const;
const plan = (part: Partial<RequestPlan>): RequestPlan => ({
  method: "POST",
  url: ["https://a.example.com/x?key=", secret],
  headers: [{ name: "Content-Type", value: ["application/json"] }],
  body: ['{"a":"1"}'],
  ...part,
});

test("secrets are masked in every part, the curl command too", () => {
  expect(showRequest(plan({ body: ['{"a":"', secret, '"}'], headers: [{ name: "X-Key", value: ["Bearer ", secret] }] }))).toEqual({
    method: "POST",
    url: `https://a.example.com/x?key=${mask}`,
    headers: [
      ["X-Key", `Bearer ${mask}`],
      ["webhook-id", "(the delivery's id)"],
      ["Idempotency-Key", "(the delivery's id)"],
      ["Accept", "*/*"],
      ["Accept-Encoding", "gzip, deflate, br"],
      ["User-Agent", "Patchbay"],
    ],
    body: `{"a":"${mask}"}`,
    curl: [
      `curl --compressed -X POST 'https://a.example.com/x?key=${mask}' \\`,
      `  -H 'X-Key: Bearer ${mask}' \\`,
      `  -H 'Accept: */*' \\`,
      `  -H 'Accept-Encoding: gzip, deflate, br' \\`,
      `  -H 'User-Agent: Patchbay' \\`,
      `  -H 'Content-Type:' \\`,
      `  --data-raw '{"a":"${mask}"}'`,
    ].join("\n"),
  });
}); // prettier-ignore

test("a header of the connect's own stands in place of the one that sending would add", () => {
  const { headers } = showRequest(plan({ headers: [{ name: "user-agent", value: ["Mine"] }] }));
  expect(headers.filter(([name]) => name.toLowerCase() === "user-agent")).toEqual([["user-agent", "Mine"]]);
});

const standing =
  " \\\n  -H 'Accept: */*' \\\n  -H 'Accept-Encoding: gzip, deflate, br' \\\n  -H 'User-Agent: Patchbay'";

describe("the curl command", () => {
  test.each([
    ["GET needs no method", { method: "GET", body: null, headers: [], url: ["https://a.example.com/"] }, `curl --compressed 'https://a.example.com/'${standing}`],
    ["brackets in the URL are no pattern", { method: "GET", body: null, headers: [], url: ["https://a.example.com/?a[]=1"] }, `curl --compressed --globoff 'https://a.example.com/?a[]=1'${standing}`],
    ["an empty header is sent empty", { method: "GET", body: null, headers: [{ name: "X-A", value: [] }], url: ["https://a.example.com/"] }, `curl --compressed 'https://a.example.com/' \\\n  -H 'X-A;'${standing}`],
    ["a body that begins with @ is no file", { headers: [{ name: "content-type", value: ["a/b"] }], body: ["@/etc/hosts"], url: ["https://a.example.com/"] }, `curl --compressed -X POST 'https://a.example.com/' \\\n  -H 'content-type: a/b'${standing} \\\n  --data-raw '@/etc/hosts'`],
  ] satisfies [string, Partial<RequestPlan>, string][])("%s", (_, part, curl) => {
    expect(showRequest(plan(part)).curl).toBe(curl);
  });
}); // prettier-ignore

const inBash = (words: readonly string[]): string[] =>
  execFileSync("bash", ["-c", `LC_ALL=C.UTF-8; printf '%s\\0' ${words.map(quoteForShell).join(" ")}`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1); // prettier-ignore

describe("a word of a shell command", () => {
  test.each([
    ["a quote", "it's", String.raw`'it'\''s'`],
    ["nothing is expanded", "$(reboot) `reboot` $HOME \\ !", "'$(reboot) `reboot` $HOME \\ !'"],
    ["lines stay lines", "a\nb", "'a\nb'"],
    ["control characters never reach the terminal", "a\u001b[2Jb'\\", String.raw`$'a\u001b[2Jb\'\\'`],
    ["NUL can't be passed on", "a\0b", "'a\ufffdb'"],
  ])("%s", (_, text, quoted) => {
    expect(quoteForShell(text)).toBe(quoted);
  });

  test("is read by a shell as what it was, whatever it holds", () => {
    const word = fc.string({ unit: "binary" }).map((text) => text.toWellFormed().replaceAll("\0", ""));
    const words = fc.sample(fc.oneof(word, fc.stringMatching(/^[ -~\n\t\r'"\\$`]*$/)), 300);
    expect(inBash(words)).toEqual(words);
  });
});
