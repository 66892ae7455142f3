// What one answer of a megabyte may cost the one thread that all calls share: masking it for 600 secrets, reading it as the
// connect's type whatever its shape, and the whole way from the bytes to what is stored. And the logs: masking a page of a
// thousand rows for a viewer. In the thread's own time.
import { randomBytes } from "node:crypto";
import { limits } from "../src/contracts/limits.ts";
import type { ResponseDataType } from "../src/contracts/connect.ts";
import { readAnswer, shownResult } from "../src/core/read-answer.ts";
import { createLogMask } from "../src/http/mask-logs.ts";
import { createMask } from "../src/outbound/mask-secrets.ts";
import { recordCall } from "../src/outbound/record-call.ts";
import { record } from "./parts/record.ts";

const size = limits.answerBytesMax;
const filled = (piece: string): string => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
const base64 = (text: string | Buffer): string => Buffer.from(text).toString("base64");

/** The thread's own time, in milliseconds: what others do on the machine counts for little. */
const now = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** Milliseconds that a piece of work takes: the best of three. */
function spent(work: () => unknown): number {
  let best = Infinity;
  for (let turn = 0; turn < 3; turn++) {
    const began = now();
    let times = 0;
    // the clock ticks every few milliseconds
    for (; now() - began < 80; times++) work();
    best = Math.min(best, (now() - began) / times);
  }
  return Math.round(best * 100) / 100;
}

const secretsOf = (make: (at: number) => string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`s${at}`, make(at)]));
const random = secretsOf(() => randomBytes(24).toString("base64"));
const alike = secretsOf((at) => `common-beginning-of-all-secrets-${at}`);
const nested = secretsOf((at) => `${"a".repeat(6 + at)}b`);

const usual = JSON.stringify(
  Array.from({ length: 12_000 }, (_, id) => ({ id, name: `Lead number ${id}`, url: "https://api.example.com/v1/leads?x=1", note: 'a "quoted" text\n' })), // prettier-ignore
).slice(0, size);

const texts: Record<string, string> = {
  usual_json: usual,
  secrets: filled(JSON.stringify(Object.values(random))),
  beginnings_of_secrets: filled("common-beginning-of-all-secrets-x"),
  one_letter: filled("a"),
  percent_twice: filled("%25%25"),
  unicode_escapes: filled("\\u0041"),
  html_escapes: filled("&amp;"),
  quoted_printable: filled("=41"),
  base64_of_base64: base64(base64(randomBytes(size))).slice(0, size),
  base64_at_every_alignment: filled("VVVV"),
  hexadecimal: randomBytes(size).toString("hex").slice(0, size),
  every_kind_of_escape: filled("%41\\u0041&amp;=41xyz%5Cu0041 41 42 "),
};

function measureMasks(): Record<string, number> {
  const made = spent(() => createMask({ ...random })("made with the first text"));
  const masks = { random: createMask(random), alike: createMask(alike), nested: createMask(nested) };
  const measured = Object.entries(texts).map(
    ([name, text]) => [name, Math.max(...Object.values(masks).map((mask) => spent(() => mask(text))))] as const,
  );
  return { made_ms: made, ...Object.fromEntries(measured) };
}

const attributes = (count: number): string => Array.from({ length: count }, (_, n) => `a${n}="1"`).join(" ");
const answers: Record<string, string> = {
  ...texts,
  attributes_60000_of_one_element: `<a ${attributes(60_000)}/>`,
  attributes_60000_in_all: `<r>${`<a ${attributes(10)}/>`.repeat(6_000)}</r>`,
  elements_60000: `<r>${"<a>x</a>".repeat(60_000)}</r>`,
  elements_as_many_as_there_is_room_for: `<r>${"<a/>".repeat(size / 4 - 2)}</r>`,
  elements_99_deep: `<r>${`${"<a>".repeat(99)}x${"</a>".repeat(99)}`.repeat(1_300)}</r>`,
  half_tags: filled("<a "),
  braces: filled("{"),
  single_quotes: filled("'"),
  commas: filled(","),
  numbers: `[${"1,".repeat(size / 2 - 2)}1]`,
  lists: `[${"[],".repeat(340_000)}[]]`,
  names: `{${Array.from({ length: 75_000 }, (_, n) => `"k${n}":1`).join(",")}}`,
  bare_names: `{${Array.from({ length: 75_000 }, (_, n) => `k${n}:v`).join(",")}}`,
  escapes: `{"a":"${"\\n".repeat(size / 2 - 10)}"}`,
  line_breaks: `${"\n".repeat(size - 1)}x`,
};

/** From the bytes to what is stored, in the dearest of the types. */
function measureAnswers(): Record<string, number> {
  const mask = createMask(random);
  const timing = { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, total_ms: 1 };
  const plan = { method: "GET", url: ["https://api.example.com/"], headers: [], body: null } as const;
  const handle = (body: Uint8Array, type: ResponseDataType, response_key: string): void => {
    const answer = { status: 200, headers: [], body, truncated: body.length === size };
    const settings = { response_data_type: type, delimiter: "", response_key };
    const reading = readAnswer(answer, settings, mask);
    if (reading.kind === "read") shownResult(reading.result, mask, answer.truncated);
    recordCall({ plan, redirected: null }, [], answer, timing, { mask, answerCut: false });
  };
  return Object.fromEntries(
    Object.entries(answers).map(([name, text]) => {
      const body = Buffer.from(text);
      const each = (["JSON", "XML", "TEXT"] as const).flatMap((type) =>
        ["", "a.b", "zz=1"].map((key) => spent(() => handle(body, type, key))),
      );
      return [name, Math.max(...each)];
    }),
  );
}

const snapshot = (n: number) => ({
  lead: {
    first_name: `Maria${n}`, last_name: "Gonzalez", phone_number: `31055501${10 + (n % 80)}`, phone_code: "1",
    email: `maria${n}@example.com`, address1: `${n} Main Street`, city: "Los Angeles", postal_code: "90001",
    date_of_birth: "1985-04-12", notes: "Called twice, wants a callback\nmore of it", alt_phone_1: "3105550199",
  }, // prettier-ignore
  call: { phone_number: `31055501${10 + (n % 80)}`, agent_comment: "not interested at all" },
  extra: {},
});

function measureLogs(): object {
  const context = { customFields: [], maskedInLogs: [], dateFormat: "Y-m-d", timeZone: "America/Los_Angeles" };
  const maskOf = (n: number) =>
    createLogMask({ context, viewer: true, snapshot: snapshot(n), adaptor: null, at: new Date() });
  const rows = spent(() => {
    for (let n = 0; n < 1_000; n++) maskOf(n).text("The vendor accepted lead 48213 of maria@example.com");
  });
  const body = usual.slice(0, limits.loggedBodyBytesMax);
  const mask = maskOf(1);
  return { rows_1000_with_a_result_ms: rows, body_of_64_kib_ms: spent(() => mask.text(body)) };
}

const masked = measureMasks();
const read = measureAnswers();
record("answers", {
  mask_600_secrets_1_mib_ms: masked,
  answer_1_mib_from_bytes_to_stored_ms: read,
  viewer_logs: measureLogs(),
});
const usually = [
  masked["usual_json"],
  masked["secrets"],
  read["attributes_60000_of_one_element"],
  read["attributes_60000_in_all"],
];
const most = Math.max(...Object.values(masked), ...Object.values(read));
if (usually.some((ms) => ms! > 50) || most > 250) process.exitCode = 1;
