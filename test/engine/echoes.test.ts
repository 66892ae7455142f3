import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../../src/contracts/limits.ts";
import { encodings, toldByBeginning } from "../encodings.ts";
import { type Answer, startReceiver } from "../receiver.ts";
import { makeConnect } from "./fixtures.ts";
import { sending } from "./sending.ts";

/** Secrets that a vendor echoes are in nothing that is stored, wherever they come and however they are written. */

const here = sending();

type Case = {
  readonly secret: string;
  readonly inner: string;
  readonly outer: string;
  readonly place: keyof typeof places;
  readonly before: string;
  readonly after: string;
};

const xml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const typed = (type: string, body: string): Answer => ({ headers: { "Content-Type": type }, body });

/** Answers that hold a text. What is read of one is its Result. */
const places = {
  "a body": (text: string) => typed("text/plain", text),
  "a value in JSON": (text: string) => ({ body: { token: text } }),
  "a name in JSON": (text: string) => ({ body: { [text]: 1 } }),
  "a value in XML": (text: string) => typed("text/xml", `<r><token>${xml(text)}</token></r>`),
  "an attribute in XML that is not closed": (text: string) => typed("text/xml", `<r token="${xml(text)}">`),
  "a value in TEXT": (text: string) => typed("text/plain", `status=OK\ntoken=${text}`),
  "UTF-16": (text: string) => ({
    headers: { "Content-Type": "text/plain; charset=utf-16le" },
    body: Buffer.from(text, "utf16le"),
  }),
  "a header": (text: string) => ({ headers: { "X-Echo": text }, body: "{}" }),
  "Content-Type": (text: string) => ({ headers: { "Content-Type": `text/plain; of="${text}"` }, body: "{}" }),
  "Content-Encoding": (text: string) => ({ headers: { "Content-Encoding": text }, body: "{}" }),
  Location: (text: string) => ({ status: 302, headers: { Location: `https://other.example.com/${text}` } }),
} satisfies Record<string, (text: string) => Answer>;

const around = fc.stringMatching(/^[ !#-$'-Z^-z]{0,20}$/);
const someCase: fc.Arbitrary<Case> = fc.record({
  secret: fc.stringMatching(/^[!#-~]{10,24}$/),
  inner: fc.constantFrom(...Object.keys(encodings)),
  outer: fc.constantFrom(...Object.keys(encodings)),
  place: fc.constantFrom(...(Object.keys(places) as (keyof typeof places)[])),
  before: around,
  after: around,
});

const encode = ({ inner, outer }: Case, text: string): string => encodings[outer]!(encodings[inner]!(text));

type Echo = { readonly secret: string; readonly answer: Answer; readonly type?: "JSON" | "XML"; readonly key?: string };

/** Sends the lead to a vendor for each, by a connect that has the secret; gives every text that is stored of each. */
async function storedOf(echoes: readonly Echo[]): Promise<string[][]> {
  here.start();
  await using vendor = await startReceiver((request) => echoes[Number(request.url.slice(1))]!.answer);
  const ids: string[] = [];
  for (const [at, { secret, type = "TEXT", key = "" }] of echoes.entries()) {
    const connect = await makeConnect(here.account, {
      api_url: vendor.url(`/${at}`),
      authorization_header: `X-Key: ${secret.replaceAll("|", "\\|")}`,
      response_data_type: type,
      response_key: key,
      delimiter: "\\n",
      retry: "off",
      order: "none",
    });
    ids.push(await here.owe(connect.id));
  }
  await here.allSettled(60_000);
  for (const { url, headers } of vendor.requests) expect(headers["x-key"]).toBe(echoes[Number(url.slice(1))]!.secret); // it did go out
  const { rows } = await here.db.query<{ id: string; rows: unknown }>(
    `select d.id, jsonb_build_array(to_jsonb(d), to_jsonb(a)) as rows
     from deliveries d join attempts a on a.delivery_id = d.id where d.id = any ($1::uuid[])`,
    [ids],
  );
  const texts = new Map(rows.map((row) => [row.id, textsIn(row.rows)]));
  return ids.map((id) => texts.get(id)!);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...textsIn(inner)]);
}

const holds = (texts: readonly string[], form: string): boolean =>
  texts.some((text) => text.toLowerCase().includes(form.toLowerCase()));

test("nothing that is stored holds a secret that a vendor echoes", async () => {
  const cases = fc.sample(someCase, { numRuns: 250, seed: 13 });
  const stored = await storedOf(
    cases.map((one) => ({
      secret: one.secret,
      answer: places[one.place](`${one.before} ${encode(one, one.secret)} ${one.after}`),
      ...(one.place.includes("XML") ? { type: "XML" as const } : {}),
      ...(one.place.includes("JSON") ? { type: "JSON" as const } : {}),
      ...(one.place.includes("value") ? { key: "token" } : {}),
    })),
  );
  for (const [at, one] of cases.entries()) {
    const texts = stored[at]!;
    const survives = [encode(one, one.secret), one.secret].filter((form) => holds(texts, form));
    expect({ ...one, survives }).toEqual({ ...one, survives: [] });
    expect(texts).toContainEqual(expect.stringContaining("••••••••"));
  }
});

test("nor does the beginning of one stay where a body is cut", async () => {
  const cases = fc.sample(someCase, { numRuns: 12, seed: 14 });
  const told = cases.map((one) => toldByBeginning(one.secret, (text) => encode(one, text)));
  for (const limit of [limits.loggedBodyBytesMax, limits.answerBytesMax]) {
    const stored = await storedOf(
      cases.map((one, at) => {
        const form = encode(one, one.secret);
        const kept = told[at]!.length + Math.floor((form.length - told[at]!.length) / 2);
        // blanks are trimmed off: of what is read, only the secret's beginning is left
        const body = `${"\n".repeat(limit - kept)}${form}${"\n".repeat(limits.answerBytesMax)}`;
        return { secret: one.secret, answer: typed("text/plain", body) };
      }),
    );
    for (const [at, one] of cases.entries()) {
      const survives = [told[at]!, one.secret.slice(0, 5)].filter((form) => holds(stored[at]!, form));
      expect({ ...one, limit, survives }).toEqual({ ...one, limit, survives: [] });
    }
  }
});
