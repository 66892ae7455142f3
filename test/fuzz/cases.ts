import { fieldCatalog } from "../../src/contracts/fields.ts";
import type { Endpoint } from "../../src/contracts/endpoint.ts";
import { api } from "../../src/contracts/endpoints/index.ts";
import { limits } from "../../src/contracts/limits.ts";
import { diallerEventTypes } from "../../src/contracts/workflow.ts";
import { vicidialLeadNames } from "../../src/core/read-vicidial.ts";
import { valueOf } from "./from-schema.ts";
import { oddText, withOddities } from "./odd-values.ts";
import { randomOf, type Random } from "./random.ts";

/** One request as it goes over the socket. */
export type Case = {
  readonly name: string;
  readonly bytes: Buffer;
  /** It is no HTTP, or half of it: the server may close the connection without an answer. */
  readonly mayGoUnanswered: boolean;
};

/** Whom the requests come from, and what they may name. */
export type Callers = {
  readonly vendor: string;
  readonly admin: string;
  readonly host: string;
  readonly listId: number;
  /** Of connects, adaptors and workflows, most of which are there. */
  readonly ids: readonly string[];
};

/** The request of that number. */
export function caseOf(seed: number, number: number, callers: Callers): Case {
  const random = randomOf(seed * 1_000_003 + number);
  const kind = random.below(20);
  if (kind < 6) return leadPost(random, callers);
  if (kind < 8) return vendorCall(random, callers);
  if (kind < 12) return events(random, callers);
  if (kind < 14) return vicidial(random, callers);
  if (kind < 18) return adminCall(random, callers);
  return raw(random);
}

type Pairs = [name: string, value: unknown][];

const leadNames = [
  ...fieldCatalog([]).map(({ name }) => name),
  "adaptor_id", "check_dup", "hopper", "hopper_priority", "update_if_found", "field_7", "custom_field_3", "age", "nothing",
]; // prettier-ignore

function leadPairs(random: Random, callers: Callers): Pairs {
  const { pick, chance, some, below } = random;
  const pairs: Pairs = [
    ["auth_token", chance(0.999) ? callers.vendor : oddText(random)],
    ["list_id", chance(0.9) ? callers.listId : oddText(random)],
    ["phone_number", chance(0.9) ? `31055501${String(below(100)).padStart(2, "0")}` : oddText(random)],
    ...some(6, (): [string, unknown] => [chance(0.9) ? pick(leadNames) : oddText(random), oddText(random)]),
  ];
  if (chance(0.03))
    for (let left = pick([limits.parametersMax - 9, limits.parametersMax, 3_000]); left > 0; left--)
      pairs.push([`p${left}`, "1"]);
  if (chance(0.03)) pairs.push(["n".repeat(pick([limits.nameBytesMax, limits.nameBytesMax + 1, 20_000])), "1"]);
  if (chance(0.01))
    pairs.push(["notes", "x".repeat(pick([500_000, limits.bodyBytesMax - 2_000, limits.bodyBytesMax]))]);
  return pairs;
}

function leadPost(random: Random, callers: Callers): Case {
  return post(random, callers, random.pick(["/v1/leads/insert", "/v1/leads/insert/"]), leadPairs(random, callers));
}

function vendorCall(random: Random, callers: Callers): Case {
  const { pick, chance, some, below } = random;
  const path = pick(["callbacks/search", "callbacks/insert", "callbacks/update", "callbacks/delete", "dnc/search", "dnc/insert", "dnc/delete", "leads/search", "nothing"]); // prettier-ignore
  const names = ["lead_id", "callback_id", "id", "callback_time", "comments", "status", "user_id", "campaign_id", "phone_number", "phone_code", "purpose", "reason", "offset", "limit", "start_date", "end_date"]; // prettier-ignore
  return post(random, callers, `/v1/${path}`, [
    ["auth_token", callers.vendor],
    ...some(6, (): [string, unknown] => [pick(names), chance(0.5) ? below(50) : oddText(random)]),
  ]);
}

/** The pairs in one of the ways in which vendors send them, or in two at once. */
function post(random: Random, callers: Callers, path: string, pairs: Pairs): Case {
  const { pick, chance } = random;
  const way = pick(["query", "form", "json", "nested", "multipart"] as const);
  if (way === "query") return request(callers, "GET", `${path}?${formOf(pairs, random)}`, null, null, `${path} query`);
  const type = { form: "application/x-www-form-urlencoded", json: "application/json", nested: "application/json", multipart: "multipart/form-data; boundary=xx" }[way]; // prettier-ignore
  const text = {
    form: () => formOf(pairs, random),
    json: () => JSON.stringify(objectOf(pairs)),
    nested: () => JSON.stringify(withOddities(objectOf(pairs), random, 1)),
    multipart: () => multipartOf(pairs, random),
  }[way]();
  const odd = chance(0.1) ? pick([...types, `${type}; charset=iso-8859-1`, `${type}; charset=klingon`]) : type;
  const body = chance(0.05) ? spoilt(Buffer.from(text), random) : Buffer.from(text);
  return request(callers, chance(0.95) ? "POST" : "GET", path, odd, body, `${path} ${way}`);
}

const types = ["text/plain", "application/json", "application/xml", "multipart/form-data", "multipart/mixed; boundary=", "", "a", ";;;"]; // prettier-ignore

function events(random: Random, callers: Callers): Case {
  const { pick, chance, below } = random;
  const one = (oddOnes: number): unknown => {
    const event = {
      type: chance(0.8) ? pick(diallerEventTypes) : "x.own",
      ...(chance(0.7) ? { lead_id: 1 + below(30) } : { phone_number: `31055501${below(90) + 10}` }),
      ...(chance(0.3) ? { lead: { list_id: callers.listId, phone_number: `31055502${below(90) + 10}` } } : {}),
      ...(chance(0.7) ? { call: { call_id: `c-${below(500)}`, status: pick(["SALE", "NI", "HU"]), campaign: pick(["A", 1]), agent: 6666 } } : {}),
      ...(chance(0.3) ? { callback: { at: "2026-12-24 10:00:00", comments: "x" } } : {}),
      ...(chance(0.3) ? { data: { a: { b: [1, 2, { c: "d" }] } } } : {}),
      ...(chance(0.3) ? { id: `e-${below(2_000)}` } : {}),
    }; // prettier-ignore
    return chance(oddOnes) ? withOddities(event, random, 1) : event;
  };
  const many = chance(0.02) ? pick([300, limits.batchEventsMax, limits.batchEventsMax + 1]) : 1 + below(5);
  const shape = pick(["one", "array", "lines"] as const);
  // a little over the largest that is read, and no more
  const list: string[] = [];
  for (let left = shape === "one" ? 1 : many, length = 0; left > 0 && length < limits.batchBodyBytesMax; left--) {
    list.push(JSON.stringify(one(many > 5 ? 0.02 : 0.6)) ?? "null");
    length += list.at(-1)!.length;
  }
  const text =
    shape === "lines" ? list.join(pick(["\n", "\r\n", "\n\n"])) : shape === "one" ? list.join() : `[${list.join()}]`;
  const body = chance(0.05) ? spoilt(Buffer.from(text), random) : Buffer.from(text);
  const token = chance(0.999) ? { authorization: `Bearer ${callers.vendor}` } : {};
  return request(callers, "POST", "/v1/events", pick(["application/json", "application/x-ndjson"]), body, `events ${shape}`, token); // prettier-ignore
}

function vicidial(random: Random, callers: Callers): Case {
  const { pick, chance, some, below } = random;
  const path = pick(["/vicidial/start", "/vicidial/dispo", "/vicidial/non_agent_api.php"]);
  const names = [...Object.keys(vicidialLeadNames), "lead_id", "dispo", "call_id", "campaign", "group", "talk_time", "SQLdate", "search_method", "records", "no_update", "delete_lead", "custom_fields", "add_to_hopper", "hopper_priority", "duplicate_check", "insert_if_not_found", "call_notes", "list_id_field", "status"]; // prettier-ignore
  const pairs: Pairs = [
    ["pass", callers.vendor],
    ["user", "dialler"],
    ["function", pick(["add_lead", "update_lead", oddText(random)])],
    ["phone_number", `31055503${below(90) + 10}`],
    ["list_id", String(callers.listId)],
    ...some(8, (): [string, unknown] => [pick(names), chance(0.4) ? pick(["Y", "1", "SALE", "DUPLIST", "PHONE_NUMBER"]) : oddText(random)]),
  ]; // prettier-ignore
  const text = formOf(pairs, random);
  return chance(0.7)
    ? request(callers, "GET", `${path}?${text}`, null, null, path)
    : request(callers, "POST", path, "application/x-www-form-urlencoded", Buffer.from(text), path);
}

/** Not called: the token that calls would be gone, or the users with whom others look. */
const spared = ["DELETE /api/tokens/{id}"];
const endpoints = endpointsIn(api).filter(({ method, path }) => !spared.includes(`${method} ${path}`));

function endpointsIn(value: unknown): Endpoint[] {
  if (typeof value !== "object" || value === null || "_zod" in value) return [];
  if ("method" in value && "path" in value) return [value as Endpoint];
  return Object.values(value as Record<string, unknown>).flatMap(endpointsIn);
}

/** An endpoint of the admin API by its own description, with something odd in most. */
function adminCall(random: Random, callers: Callers): Case {
  const { pick, chance, below } = random;
  const endpoint = pick(endpoints);
  const path = endpoint.path.replaceAll(
    /\{\w+\}/g,
    () =>
    chance(0.8) ? pick(callers.ids) : encodeURIComponent(oddText(random).slice(0, 300).toWellFormed()), // prettier-ignore
  );
  const query = endpoint.query === undefined ? {} : (valueOf(endpoint.query, random) as Record<string, unknown>);
  const pairs = Object.entries(query).map(([name, value]): [string, unknown] => [
    name,
    chance(0.7) ? value : oddText(random),
  ]);
  const search = pairs.length === 0 ? "" : `?${formOf(pairs, random)}`;
  const body = endpoint.body === undefined ? undefined : valueOf(endpoint.body, random);
  const odd = body === undefined ? undefined : chance(0.7) ? withOddities(body, random, 1 + below(3)) : body;
  const text = odd === undefined ? null : Buffer.from(JSON.stringify(odd) ?? "null");
  const sent = text !== null && chance(0.05) ? spoilt(text, random) : text;
  const token = { authorization: `Bearer ${callers.admin}` };
  const type = sent === null ? null : "application/json";
  return request(callers, endpoint.method, path + search, type, sent, `${endpoint.method} ${endpoint.path}`, token);
}

/** What no client library would send. */
function raw(random: Random): Case {
  const { pick, chance, some } = random;
  const paths = ["/%00", "/assets/%00", "/assets/../../x", "/%", "//", "/api/docs/%00", "/v1/%ff", "*", "http://evil.example/", `/${"a".repeat(5_000)}`, "/api/deliveries/live?outcome=x", "/..%2f..%2fetc", "/\\..\\", "/v1/leads/insert#x", "/healthz", "/metrics", "/readyz"]; // prettier-ignore
  const methods = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "TRACE", "FOO", "get", ""];
  const odd = (): string =>
    pick([
      "Host: a", "Transfer-Encoding: chunked", "Content-Length: 5", "Content-Length: -1", "Content-Length: 99999999999999999999",
      "Content-Encoding: gzip", "Expect: 100-continue", "Expect: x", "Upgrade: websocket\r\nConnection: Upgrade", "Cookie: patchbay.session_token=x",
      "Origin: null", `X-Long: ${"x".repeat(20_000)}`, "X: \u0001",
      ": empty", "Content-Type: application/json", "Accept: text/html", "Range: bytes=0-1,5-2", "If-None-Match: *", "Idempotency-Key: " + "k".repeat(300),
    ]); // prettier-ignore
  const path = chance(0.7) ? pick(paths) : `/${oddText(random).slice(0, 500)}`;
  const body = pick(["", "5\r\nhello\r\n0\r\n\r\n", "zz\r\n", "{}", "a=b", oddText(random)]);
  const text = `${pick(methods)} ${path} HTTP/${pick(["1.1", "1.1", "1.0", "9.9"])}\r\n${["Host: localhost", ...some(3, odd)].join("\r\n")}\r\n\r\n${body}`;
  return { name: `raw ${path.slice(0, 40)}`, bytes: Buffer.from(text, chance(0.5) ? "utf8" : "latin1"), mayGoUnanswered: true }; // prettier-ignore
}

/** A body that breaks off, at each of its places, in each of the ways in which they come. */
export function brokenOff(callers: Callers): Case[] {
  const text = '"\\\\ \\" \\u00e9 \\n é", [1.5, -2e3, true, null, {"a": {}}]';
  const event = `{"type":"x.own","lead_id":1,"data":{"\\"a\\\\":[${text}]}}`;
  const pairs: Pairs = [["auth_token", callers.vendor], ["list_id", callers.listId], ["notes", "é 100%"]]; // prettier-ignore
  const token = { authorization: `Bearer ${callers.vendor}` };
  const whole: [path: string, type: string, body: string][] = [
    ["/v1/events", "application/json", `[${event},${event}]`],
    ["/v1/events", "application/x-ndjson", `${event}\r\n${event}`],
    ["/v1/leads/insert", "application/json", `{"auth_token":"${callers.vendor}","notes":[${text}]}`],
    ["/v1/leads/insert", "application/x-www-form-urlencoded", `list_id=${callers.listId}&notes=%C3%A9+100%25&notes=`],
    ["/v1/leads/insert", "multipart/form-data; boundary=xx", multipartOf(pairs, randomOf(1))],
    ["/vicidial/start", "application/x-www-form-urlencoded", "lead_id=1&comments=%C3%A9+100%25&"],
    ["/api/connects", "application/json", `{"name":"a","notes":[${text}]}`],
  ];
  return whole.flatMap(([path, type, body]) => {
    const bytes = Buffer.from(body);
    const headers = path.startsWith("/api") ? { authorization: `Bearer ${callers.admin}` } : token;
    return Array.from(bytes, (_, at) =>
      request(callers, "POST", path, type, bytes.subarray(0, at), `${path} ${type} of ${at} bytes`, headers),
    );
  });
}

function request(
  { host }: Callers,
  method: string,
  path: string,
  type: string | null,
  body: Buffer | null,
  name: string,
  headers: Readonly<Record<string, string>> = {},
): Case {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    ...Object.entries(headers).map(([header, value]) => `${header}: ${value}`),
    ...(type === null ? [] : [`Content-Type: ${type}`]),
    ...(body === null ? [] : [`Content-Length: ${body.length}`]),
    "Connection: close",
  ];
  const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
  // an address over the parser's limit is answered by the parser
  return { name, bytes: body === null ? head : Buffer.concat([head, body]), mayGoUnanswered: head.length > 16_000 };
}

function formOf(pairs: Pairs, { chance }: Random): string {
  return pairs
    .map(([name, value]) => (chance(0.97) ? `${escaped(name)}=${escaped(String(value))}` : `${escaped(name)}=%ff%`))
    .join("&");
}

const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());

function objectOf(pairs: Pairs): Record<string, unknown> {
  return Object.fromEntries(pairs);
}

function multipartOf(pairs: Pairs, { chance }: Random): string {
  const parts = pairs.map(
    ([name, value]) =>
      `--xx\r\nContent-Disposition: form-data; name="${name.replaceAll(/["\r\n]/g, "")}"${chance(0.05) ? '; filename="a"' : ""}\r\n\r\n${String(value)}\r\n`,
  );
  return `${parts.join("")}--xx--\r\n`;
}

/** Behind such a sign a reader expects more. */
const promising = ["\\", '"', "{", "[", ",", ":", "%", "&", "=", "-", "\r"];

/** Cut, or with some bytes changed. */
function spoilt(body: Buffer, { pick, chance, below }: Random): Buffer {
  if (chance(0.3)) return body.subarray(0, below(body.length));
  if (chance(0.3)) return body.subarray(0, body.indexOf(pick(promising), below(body.length)) + 1);
  const changed = Buffer.from(body);
  for (let left = 1 + below(4); left > 0 && changed.length > 0; left--) changed[below(changed.length)] = below(256);
  return changed;
}
