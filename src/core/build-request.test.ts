import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConnectSettings, secretMask as mask } from "../contracts/connect.ts";
import type { Snapshot } from "../contracts/fields.ts";
import { limits } from "../contracts/limits.ts";
import { buildRequest, freezePayload, type BuiltRequest } from "./build-request.ts";
import type { MappedPair, RequestPlan } from "./request.ts";
import { sealConnect } from "./seal-connect.ts";
import { maskText, type Text } from "./text.ts";

const pair = (target: string, value: string | Text, type: MappedPair["type"] = "text"): MappedPair => ({
  row: 0,
  section: "lead",
  field: "notes",
  target,
  value: typeof value === "string" ? (value === "" ? [] : [value]) : value,
  type,
});
const fits = { missing: [], tooLarge: null };
const nobody: Snapshot = { lead: {}, call: null, extra: {} };

function freezeWith(part: object, pairs: readonly MappedPair[], snapshot: Snapshot = nobody) {
  const settings = ConnectSettings.parse({
    name: "Acme", api_url: "https://a.example.com/x", request_method: "POST", adaptor_id: 1, ...part,
  }); // prettier-ignore
  const sealed = sealConnect(settings, null, []);
  if (!sealed.ok) throw new Error(JSON.stringify(sealed.problems));
  const { texts } = sealed;
  return { settings, texts, frozen: freezePayload(settings, texts, { ...fits, pairs }, snapshot, []) };
}
function build(part: object, pairs: readonly MappedPair[] = [], snapshot: Snapshot = nobody) {
  const { settings, texts, frozen } = freezeWith(part, pairs, snapshot);
  if (!frozen.ok) throw new Error(frozen.diagnosis.message);
  return planOf(buildRequest(settings, texts, frozen.payload));
}
function planOf(built: BuiltRequest): RequestPlan {
  if (!built.ok) throw new Error(built.diagnosis.message);
  return built.plan;
}
const urlOf = (...input: Parameters<typeof build>) => maskText(build(...input).url);
const bodyOf = (...input: Parameters<typeof build>) => maskText(build(...input).body ?? ["none"]);

describe("the URL: Api Authentication and the pairs join the query", () => {
  const get = { request_method: "GET" };
  const xy = [pair("x", "1"), pair("y", "2")];
  test.each([
    ["nothing to join", {}, [], "https://a.example.com/x"],
    ["pairs begin a query", {}, xy, "https://a.example.com/x?x=1&y=2"],
    ["pairs go on in a query", { api_url: "https://a.example.com/x?a=b" }, xy, "https://a.example.com/x?a=b&x=1&y=2"],
    ["a query that ends open is not opened twice", { api_url: "https://a.example.com/x?" }, xy, "https://a.example.com/x?x=1&y=2"],
    ["nor after &", { api_url: "https://a.example.com/x?a=b&" }, xy, "https://a.example.com/x?a=b&x=1&y=2"],
    ["Api Authentication begins the query", { api_authentication: "?t=abc" }, [], `https://a.example.com/x?t=${mask}`],
    ["or goes on in it", { api_url: "https://a.example.com/x?a=b", api_authentication: "t=abc" }, [], `https://a.example.com/x?a=b&t=${mask}`],
    ["before any #, which is not sent", { api_url: "https://a.example.com/x#top", api_authentication: "t=abc" }, [], `https://a.example.com/x?t=${mask}`],
    ["pairs come after it", { api_authentication: "t=abc" }, xy, `https://a.example.com/x?t=${mask}&x=1&y=2`],
    ["after a secret of the URL's own query", { api_url: "https://a.example.com/x?key=abc" }, xy, `https://a.example.com/x?key=${mask}&x=1&y=2`],
    ["names and values are percent-encoded", {}, [pair("a b[]", "ü&=+ '(")], "https://a.example.com/x?a%20b%5B%5D=%C3%BC%26%3D%2B%20%27%28"],
    ["an empty value is sent empty", {}, [pair("x", "")], "https://a.example.com/x?x="],
    ["dots of a name stay", {}, [pair("contact\\.a.b", "1")], "https://a.example.com/x?contact%5C.a.b=1"],
  ])("%s", (_, part, pairs, url) => {
    expect(urlOf({ ...get, ...part }, pairs)).toBe(url);
    expect(build({ ...get, ...part }, pairs).body).toBeNull();
  }); // prettier-ignore

  test.each(["POST", "PUT", "PATCH"])(
    "%s keeps Api Authentication in the query and the pairs in the body",
    (request_method) => {
      const plan = build({ request_method, api_authentication: "t=abc" }, xy);
      expect([plan.method, maskText(plan.url), maskText(plan.body ?? [])]).toEqual([
        request_method,
        `https://a.example.com/x?t=${mask}`,
        '{"x":"1","y":"2"}',
      ]);
    },
  );
  test("DELETE has its pairs in the query", () => {
    expect(urlOf({ request_method: "DELETE" }, xy)).toBe("https://a.example.com/x?x=1&y=2");
  });
});

describe("places of API URL", () => {
  const lead = { phone_number: "(310) 555-0142", alt_phone_1: "", first_name: "Ana & Bo/?#", city: "..", state: "." };
  test.each([
    [
      "are filled URL-encoded",
      "p/{lead.first_name}?n={lead.first_name}",
      "p/Ana%20%26%20Bo%2F%3F%23?n=Ana%20%26%20Bo%2F%3F%23",
    ],
    ["take the first that is not empty", "{lead.alt_phone_1|lead.phone_number}", "%28310%29%20555-0142"],
    ["are empty when nothing is known", "p/{lead.email}/q", "p//q"],
    ["a lead can't climb the path", "p/{lead.city}/{lead.state}/q", "p/%252E%252E/%252E/q"],
    ["dots in the query are only dots", "p?c={lead.city}", "p?c=.."],
  ])("%s", (_, path, expected) => {
    const url = urlOf({ request_method: "GET", api_url: `https://a.example.com/${path}` }, [], { ...nobody, lead });
    expect(url).toBe(`https://a.example.com/${expected}`);
    expect(new URL(url).pathname).toBe(`/${expected.split("?")[0]}`);
  });
  test("a place that came into the URL after the freezing is asked for late", () => {
    const texts = { url: ["https://a.example.com/{lead.id}"], authentication: [], headers: [] };
    const payload = { query: [], body: null, contentType: null, places: {} };
    expect(planOf(buildRequest({ request_method: "GET" }, texts, payload)).url).toEqual(["https://a.example.com/"]);
    expect(planOf(buildRequest({ request_method: "GET" }, texts, payload, (name) => `<${name}>`)).url).toEqual([
      "https://a.example.com/%3Clead.id%3E",
    ]);
  });
  test("dates are written by the account's pattern when it is known", () => {
    const snapshot = { ...nobody, lead: { created_at: "2024-03-15T21:30:00Z" } };
    const texts = { url: ["https://a.example.com/{lead.created_at}"], authentication: [] };
    const context = { timeZone: "America/Los_Angeles", dateFormat: "Y-m-d", now: Temporal.Now.instant() };
    const settings = { request_method: "GET", post_data_type: "JSON" } as const;
    const places = (...more: [typeof context] | []) => {
      const frozen = freezePayload(settings, texts, { ...fits, pairs: [] }, snapshot, [], ...more);
      return frozen.ok && frozen.payload.places;
    };
    expect(places()).toEqual({ "lead.created_at": "2024-03-15T21:30:00Z" });
    expect(places(context)).toEqual({ "lead.created_at": "2024-03-15" });
  });
});

describe("POST RAW: pairs as forms are encoded", () => {
  test.each([
    ["spaces are +", [pair("full name", "Ada L")], "full+name=Ada+L"],
    [
      "reserved characters are escaped, *-._ are not",
      [pair("a", "*-._~!'()&=+%/ü\n")],
      "a=*-._%7E%21%27%28%29%26%3D%2B%25%2F%C3%BC%0A",
    ],
    ["a repeated key is sent again", [pair("p[]", "1"), pair("p[]", "2")], "p%5B%5D=1&p%5B%5D=2"],
    ["empty values stay", [pair("a", ""), pair("b", "1")], "a=&b=1"],
    ["types don't matter", [pair("a", "007", "number")], "a=007"],
    ["half a surrogate pair becomes U+FFFD", [pair("a", "\ud800")], "a=%EF%BF%BD"],
  ])("%s", (_, pairs, body) => {
    expect(bodyOf({ post_data_type: "RAW" }, pairs)).toBe(body);
  });
});

describe("POST JSON: an object, nested by dots", () => {
  test.each([
    ["the adaptor's order, even of names that look like numbers", [pair("b", "1"), pair("10", "2"), pair("2", "3")], '{"b":"1","10":"2","2":"3"}'],
    ["dots nest, at the first's place", [pair("c.phone", "1"), pair("x", "2"), pair("c.mail.home", "3")], '{"c":{"phone":"1","mail":{"home":"3"}},"x":"2"}'],
    ["an escaped dot is a dot of the name", [pair("a\\.b.c", "1")], '{"a.b":{"c":"1"}}'],
    ["[] makes an array", [pair("t[]", "1"), pair("t[]", "2")], '{"t":["1","2"]}'],
    ["[] makes an array of one, too, and inside an object", [pair("a.t[]", "1")], '{"a":{"t":["1"]}}'],
    ["[] alone is a name", [pair("[]", "1")], '{"[]":"1"}'],
    ["a later value wins over an object", [pair("c.phone", "1"), pair("c", "2")], '{"c":"2"}'],
    ["a later object wins over a value", [pair("c", "2"), pair("x", "0"), pair("c.phone", "1")], '{"x":"0","c":{"phone":"1"}}'],
    ["a later list wins over a value", [pair("c", "2"), pair("c[]", "1")], '{"c":["1"]}'],
    ["quotes and control characters are escaped", [pair('a"b', 'c"\\\n\0')], '{"a\\"b":"c\\"\\\\\\n\\u0000"}'],
    ["__proto__ is a name like any other", [pair("__proto__.x", "1")], '{"__proto__":{"x":"1"}}'],
    ["empty is an empty text", [pair("a", ""), pair("b", "", "number")], '{"a":"","b":""}'],
    ["a number keeps its digits", [pair("a", "12.50", "number"), pair("b", "-12345678901234567890", "number"), pair("c", "1e5", "number")], '{"a":12.50,"b":-12345678901234567890,"c":1e5}'],
    ["a number in a spelling JSON doesn't know", [pair("a", "007", "number"), pair("b", "+5", "number"), pair("c", ".5", "number"), pair("d", " 1 ", "number"), pair("e", "000", "number")], '{"a":7,"b":5,"c":0.5,"d":1,"e":0}'],
    ["no number goes out as text", [pair("a", "1,234", "number"), pair("b", "5.", "number"), pair("c", "-", "number"), pair("d", "NaN", "number")], '{"a":"1,234","b":"5.","c":"-","d":"NaN"}'],
    ["booleans", [pair("a", "Yes", "boolean"), pair("b", "0", "boolean"), pair("c", "maybe", "boolean")], '{"a":true,"b":false,"c":"maybe"}'],
  ])("%s", (_, pairs, body) => {
    expect(bodyOf({}, pairs)).toBe(body);
    expect(() => JSON.parse(body) as unknown).not.toThrow();
  }); // prettier-ignore
});

const headersOf = (part: object) =>
  build(part, [pair("a", "1")]).headers.map(({ name, value }) => `${name}: ${maskText(value)}`);

describe("Content-Type", () => {
  test.each([
    ["RAW", { post_data_type: "RAW" }, ["Content-Type: application/x-www-form-urlencoded"]],
    ["JSON", {}, ["Content-Type: application/json"]],
    [
      "the admin's own wins, in any case",
      { authorization_header: "content-type: text/json" },
      ["content-type: text/json"],
    ],
    [
      "the admin's other headers follow",
      { authorization_header: "Accept: */*" },
      ["Content-Type: application/json", "Accept: */*"],
    ],
    ["none without a body", { request_method: "GET" }, []],
  ])("%s", (_, part, headers) => {
    expect(headersOf(part)).toEqual(headers);
  });
});

describe("secrets stay places, written for their surroundings", () => {
  const secret = [{ secret: "static.token", encode: "as_is" }] as const;
  test.each([
    ["form", { post_data_type: "RAW" }],
    ["json", {}],
    ["query", { request_method: "GET" }],
  ])("%s", (encode, part) => {
    const plan = build(part, [pair("t", secret), pair("n", secret, "number")]);
    const places = [...plan.url, ...(plan.body ?? [])].filter((piece) => typeof piece !== "string");
    expect(places).toEqual([
      { secret: "static.token", encode },
      { secret: "static.token", encode },
    ]);
  });
  test("in JSON always as text", () => {
    expect(bodyOf({}, [pair("n", secret, "number")])).toBe(`{"n":"${mask}"}`);
  });
});

const freeze = (request_method: "GET" | "POST", missing: { section: "lead"; field: string; label: string }[]) =>
  freezePayload(
    { request_method, post_data_type: "JSON" },
    { url: [], authentication: [] },
    { ...fits, pairs: [], missing },
    nobody,
    [],
  );

describe("what can't be sent", () => {
  test("a required value that is missing names its row", () => {
    expect(freeze("GET", [{ section: "lead", field: "email", label: "Email" }])).toEqual({
      ok: false,
      diagnosis: {
        code: "required_value_missing",
        message: "Email (lead.email) is required, and it is empty here",
        fix: "Fill in Email, or give its row in the adaptor a default value",
        setting: "adaptor_id",
      },
    });
  });
  test("a POST of nothing", () => {
    expect(freeze("POST", [])).toMatchObject({ ok: false, diagnosis: { code: "mapping_empty" } });
  });
  test("but a GET of nothing is fine", () => {
    expect(freeze("GET", []).ok).toBe(true);
  });
});

const freezeOf = (part: object, pairs: readonly MappedPair[], lead: Snapshot["lead"] = {}) =>
  freezeWith(part, pairs, { ...nobody, lead }).frozen;
const urlWithNotes = (times: number) => `https://a.example.com/?n=${"{lead.notes}".repeat(times)}`;

describe("what is larger than 1 MiB, as it is encoded", () => {
  const max = limits.payloadBytesMax;
  const url = "https://a.example.com/x".length + 2;
  test.each([
    ["JSON", {}, "a", 1, url + 8],
    ["JSON of control characters, six times as long", {}, "\u0001", 6, url + 8],
    ["JSON beyond ASCII, by its bytes", {}, "€", 3, url + 8],
    ["a form", { post_data_type: "RAW" }, "a", 1, url + 2],
    ["a form of what is escaped, three times as long", { post_data_type: "RAW" }, "&", 3, url + 2],
    ["a query", { request_method: "GET" }, "a", 1, url + 2],
  ])("%s", (_, part, letter, bytes, besides) => {
    const most = Math.floor((max - besides) / bytes);
    expect(freezeOf(part, [pair("k", letter.repeat(most))]).ok).toBe(true);
    expect(freezeOf(part, [pair("k", letter.repeat(most + 1))])).toMatchObject({
      ok: false,
      path: "adaptor.fields[0].field",
      diagnosis: { code: "payload_too_large", setting: "adaptor_id", message: expect.stringContaining("row 1 of the adaptor (Notes)") as string },
    });
  }); // prettier-ignore
  test.each([
    ["JSON", {}],
    ["nested JSON", {}, "a."],
    ["lists in JSON", {}, "a", "[]"],
    ["a form", { post_data_type: "RAW" }],
    ["a query", { request_method: "GET" }],
  ])("one value under many names, in %s, ends at the row that passes it", (_, part, before = "", after = "") => {
    const text = "x".repeat(60_000);
    const rows = Array.from({ length: 40 }, (__, row) => ({ ...pair(`${before}t${row}${after}`, text), row }));
    expect(freezeOf(part, rows.slice(0, 17)).ok).toBe(true);
    expect(freezeOf(part, rows)).toMatchObject({ ok: false, path: "adaptor.fields[17].field" });
  });
  test("places of API URL count as often as they stand there", () => {
    const lead = { notes: "x".repeat(60_000) };
    expect(freezeOf({ request_method: "GET", api_url: urlWithNotes(17) }, [], lead).ok).toBe(true);
    const refused = {
      ok: false,
      path: "connect.api_url",
      diagnosis: { code: "payload_too_large", setting: "api_url" },
    };
    expect(freezeOf({ request_method: "GET", api_url: urlWithNotes(18) }, [], lead)).toMatchObject(refused);
    expect(freezeOf({ api_url: urlWithNotes(17) }, [pair("k", "y".repeat(60_000))], lead)).toMatchObject({
      path: "adaptor.fields[0].field",
    });
    // the URL was changed since the payload was frozen
    const texts = { url: [urlWithNotes(18)], authentication: [], headers: [] };
    const payload = { query: [], body: null, contentType: null, places: { "lead.notes": lead.notes } };
    expect(buildRequest({ request_method: "GET" }, texts, payload)).toMatchObject(refused);
    const late = { ...payload, places: {} };
    expect(buildRequest({ request_method: "GET" }, texts, late, () => lead.notes)).toMatchObject(refused);
    expect(buildRequest({ request_method: "GET" }, texts, late).ok).toBe(true);
    // and leaves no room for a body
    const body = { ...payload, body: ["y".repeat(60_000)] };
    expect(buildRequest({ request_method: "POST" }, { ...texts, url: [urlWithNotes(17)] }, body)).toMatchObject(
      refused,
    );
  });
  test("a payload that was frozen before there was a limit is not sent", () => {
    const payload = { query: [], body: ["y".repeat(max + 1)], contentType: null, places: {} };
    const built = buildRequest({ request_method: "POST" }, { url: ["https://a.example.com/"], authentication: [], headers: [] }, payload); // prettier-ignore
    expect(built).toMatchObject({ ok: false, diagnosis: { code: "payload_too_large" } });
  });
});

describe("whatever is mapped", () => {
  const text = fc.string({ unit: "binary" }).map((value) => value.toWellFormed());
  const pairs = fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 8 });

  test("a RAW body and a GET query parse back to it", () => {
    fc.assert(
      fc.property(pairs, (mapped) => {
        const all = mapped.map(([target, value]) => pair(target, value));
        expect(Array.from(new URLSearchParams(bodyOf({ post_data_type: "RAW" }, all)))).toEqual(mapped);
        expect(Array.from(new URL(urlOf({ request_method: "GET" }, all)).searchParams)).toEqual(mapped);
      }),
    );
  });
  test("a JSON body parses back to it", () => {
    const name = text.map((target) => target.replaceAll("\\", "/")).filter((target) => !target.endsWith("[]"));
    const named = fc.uniqueArray(fc.tuple(name, text), { minLength: 1, maxLength: 8, selector: ([target]) => target });
    fc.assert(
      fc.property(named, (mapped) => {
        const all = mapped.map(([target, value]) => pair(target.replaceAll(".", "\\."), value));
        const body = JSON.parse(bodyOf({}, all)) as Record<string, string>;
        expect(new Map(Object.entries(body))).toEqual(new Map(mapped));
      }),
    );
  });
  test("any targets at all make one JSON object, and the same twice", () => {
    const target = fc.array(fc.constantFrom("a", "b", ".", "\\", "[]", "1")).map((parts) => parts.join(""));
    const type = fc.constantFrom("text" as const, "number" as const, "boolean" as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(target, text, type), { minLength: 1, maxLength: 8 }), (mapped) => {
        const all = mapped.map(([name, value, as]) => pair(name, value, as));
        expect(JSON.parse(bodyOf({}, all))).toBeTypeOf("object");
        expect(build({}, all)).toEqual(build({}, all));
      }),
    );
  });
});
