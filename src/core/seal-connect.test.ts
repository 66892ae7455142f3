import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConnectSettings, secretMask } from "../contracts/connect.ts";
import type { CustomField } from "../contracts/fields.ts";
import { sealConnect, type SealedConnect } from "./seal-connect.ts";
import { isSecretName } from "./seal-secrets.ts";
import { maskText, type Text } from "./text.ts";

const mask = secretMask;
const settingsOf = (part: object) =>
  ConnectSettings.parse({ name: "Acme", api_url: "https://crm.example.com/lead", request_method: "GET", ...part });
const publisher: CustomField = { number: 7, name: "publisher", label: "Publisher", type: "text", personal: false };
const seal = (part: object, previous: Parameters<typeof sealConnect>[1] = null) =>
  sealConnect(settingsOf(part), previous, [publisher]);

function sealed(result: SealedConnect) {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}
function problems(result: SealedConnect) {
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`);
}
const filled = (text: Text, secrets: Readonly<Record<string, string>>) =>
  text.map((part) => (typeof part === "string" ? part : secrets[part.secret])).join("");

describe("B, API URL", () => {
  test.each([
    ["a query stays", "https://a.example.com/x?y=1&z", "https://a.example.com/x?y=1&z", "https://a.example.com/x?y=1&z"],
    ["what follows # is left out", "https://a.example.com/x?y=1#top", "https://a.example.com/x?y=1", "https://a.example.com/x?y=1"],
    ["spaces and letters beyond ASCII are escaped when sent, not when shown", "https://a.example.com/ü b", "https://a.example.com/%C3%BC%20b", "https://a.example.com/ü b"],
    ["escapes of the admin's own stay", "https://a.example.com/a%20b?c=%2B", "https://a.example.com/a%20b?c=%2B", "https://a.example.com/a%20b?c=%2B"],
    ["places stay to be filled", "https://a.example.com/{lead.alt_phone_1|lead.phone_number}", "https://a.example.com/{lead.alt_phone_1|lead.phone_number}", "https://a.example.com/{lead.alt_phone_1|lead.phone_number}"],
    ["a custom field's place gets its permanent key", "https://a.example.com/?p={lead.publisher}", "https://a.example.com/?p={lead.field_7}", "https://a.example.com/?p={lead.field_7}"],
    ["other braces are text", "https://a.example.com/?filter={x}", "https://a.example.com/?filter={x}", "https://a.example.com/?filter={x}"],
    ["a value named like a token is secret", "https://a.example.com/?api_key=s3cr3t&x=1", "https://a.example.com/?api_key=s3cr3t&x=1", `https://a.example.com/?api_key=${mask}&x=1`],
    ["in any case and as a part of a word", "https://a.example.com/?AccessToken=s3cr3t", "https://a.example.com/?AccessToken=s3cr3t", `https://a.example.com/?AccessToken=${mask}`],
    ["a place in a secret value is no secret", "https://a.example.com/?key={lead.id}", "https://a.example.com/?key={lead.id}", "https://a.example.com/?key={lead.id}"],
    ["an empty value is no secret", "https://a.example.com/?key=", "https://a.example.com/?key=", "https://a.example.com/?key="],
    ["scheme and host in capitals", "HTTPS://A.Example.com", "https://a.example.com", "https://A.Example.com"],
    ["a port", "http://a.example.com:8080/x", "http://a.example.com:8080/x", "http://a.example.com:8080/x"],
  ])("%s", (_, api_url, sent, shown) => {
    const result = sealed(seal({ api_url }));
    expect(filled(result.texts.url, result.secrets)).toBe(sent);
    expect(result.shown.api_url).toBe(shown);
    for (const secret of Object.values(result.secrets)) expect(JSON.stringify(result.shown)).not.toContain(secret);
  }); // prettier-ignore

  test.each([
    ["no scheme", "a.example.com/x", "Begin the address with https:// or http://"],
    ["another scheme", "ftp://a.example.com", "Begin the address with https:// or http://"],
    ["no host", "https:///x", "The address has no host. Write https://host/path"],
    ["a port that can't be", "https://a.example.com:99999/", '"a.example.com:99999" is no host name or has a port that can\'t be'],
    ["a place in the host", "https://{lead.city}.example.com/", "Places may stand in the path and the query, not in the host: a lead must not choose where it is sent"],
    ["a place that is the host", "https://{lead.city}", "Places may stand in the path and the query, not in the host: a lead must not choose where it is sent"],
    ["a place at the host's end", "https://a.example.com{lead.city}/", "Places may stand in the path and the query, not in the host: a lead must not choose where it is sent"],
    ["one of several fields in the host", "https://{LEAD.city|lead.state}.example.com?x=1", "Places may stand in the path and the query, not in the host: a lead must not choose where it is sent"],
    ["a place for the port", "https://a.example.com:{lead.city}/", "Places may stand in the path and the query, not in the host: a lead must not choose where it is sent"],
    ["a place after the user", "https://ada:pass@{lead.city}/", "Places may stand in the path and the query, not in the host: a lead must not choose where it is sent"],
    ["a place after one slash", "https:/{lead.city}/", "Begin the address with https:// or http://"],
    ["a place for the scheme", "{lead.city}://a.example.com/", "Begin the address with https:// or http://"],
    ["a backslash, which parsers take for a slash", "https://a.example.com\\@b.example.com/", "Write / instead of \\"],
    ["an unknown field in a place", "https://a.example.com/?x={lead.nope}", "{lead.nope} at character 26 is no field of this account"],
    ["a line break", "https://a.example.com/\nx", "API URL has a line break or another control character. Write it in one line"],
    ["a mask where no secret can be", `https://a.example.com/${mask}`, `${mask} stands for a stored secret: type the real text`],
    ["a mask for a value that is not secret", `https://a.example.com/?x=${mask}`, `${mask} stands for a stored secret, but "x" has none: type the real text`],
  ])("%s is refused", (_, api_url, message) => {
    expect(problems(seal({ api_url }))).toEqual([`api_url: ${message}`]);
  }); // prettier-ignore

  test("user and password become an Authorization header and are never shown", () => {
    const result = sealed(seal({ api_url: "https://ada:l%C3%B6velace@a.example.com/x" }));
    expect(result.shown.api_url).toBe(`https://${mask}@a.example.com/x`);
    expect(filled(result.texts.url, {})).toBe("https://a.example.com/x");
    const [header] = result.texts.headers;
    expect(header?.name).toBe("Authorization");
    expect(filled(header?.value ?? [], result.secrets)).toBe(`Basic ${Buffer.from("ada:lövelace").toString("base64")}`);
    expect(Object.values(result.secrets)).toContain("lövelace");
  });

  test("an Authorization header of D wins over the URL's user, with a warning", () => {
    const result = sealed(
      seal({ api_url: "https://ada:lovelace@a.example.com/x", authorization_header: "authorization: Bearer t0ken" }),
    );
    expect(result.texts.headers.map(({ name, value }) => `${name}: ${maskText(value)}`)).toEqual([
      `authorization: Bearer ${mask}`,
    ]);
    expect(result.warnings.map(({ path }) => path)).toEqual(["api_url"]);
  });
});

describe("C, Api Authentication", () => {
  test.each([
    ["values are secret, names are shown", "api_key=XXX&credential=YYY", "api_key=XXX&credential=YYY", `api_key=${mask}&credential=${mask}`],
    ["a leading ? is dropped", "?api_key=XXX", "api_key=XXX", `api_key=${mask}`],
    ["a leading & is dropped", "&api_key=XXX", "api_key=XXX", `api_key=${mask}`],
    ["empty is none", "  ", "", ""],
    ["an empty value hides nothing", "a=&b=1", "a=&b=1", `a=&b=${mask}`],
    ["= in a value belongs to it", "key=abc==", "key=abc==", `key=${mask}`],
    ["what would end the query is escaped", "key=a#b c", "key=a%23b%20c", `key=${mask}`],
    ["the same name twice keeps two secrets", "k=1&k=2", "k=1&k=2", `k=${mask}&k=${mask}`],
    ["a bare token is wholly secret", "XXX", "XXX", mask],
  ])("%s", (_, api_authentication, sent, shown) => {
    const result = sealed(seal({ api_authentication }));
    expect(filled(result.texts.authentication, result.secrets)).toBe(sent);
    expect(result.shown.api_authentication).toBe(shown);
  }); // prettier-ignore

  test("a bare token warns", () => {
    expect(sealed(seal({ api_authentication: "XXX" })).warnings).toEqual([
      { path: "api_authentication", message: "A token without a name: vendors usually want name=token" },
    ]);
  });
  test.each([
    ["https://a.example.com/x?api_key=abc", "This is a whole address: only what follows its ? belongs here"],
    ['api_key="abc"', "The value of api_key is in quotes"],
    ["api_key: abc", "A name is parted from its value by =, not by :"],
    ["api_key=api_key=abc", "api_key stands twice"],
  ])("%s is taken as it is, with a warning", (api_authentication, message) => {
    expect(sealed(seal({ api_authentication })).warnings).toContainEqual({ path: "api_authentication", message });
  }); // prettier-ignore
  test("a line break is refused, without a character's number", () => {
    expect(problems(seal({ api_authentication: "api_key=abc\ncredential=def" }))).toEqual([
      "api_authentication: Api Authentication has a line break or another control character. Write name=value, and part pairs with &",
    ]);
  });
  test("an escaped token is known to logs as the vendor may write it, too", () => {
    expect(Object.values(sealed(seal({ api_authentication: "key=a%2Bb+cd" })).secrets)).toEqual([
      "a%2Bb+cd",
      "a+b+cd",
      "a+b cd",
    ]);
  });
  test("a place is not filled here, and a warning says so", () => {
    const result = sealed(seal({ api_authentication: "id={lead.id}" }));
    expect(result.shown.api_authentication).toBe(`id=${mask}`);
    expect(result.warnings[0]?.message).toMatch("in API URL only");
  });
});

describe("D, Authorization Header", () => {
  test.each([
    ["headers are parted by pipes; Content-Type is never masked", "Content-type: application/json|Authorization: OAuth TOKEN", ["Content-type: application/json", "Authorization: OAuth TOKEN"], `Content-type: application/json|Authorization: OAuth ${mask}`],
    ["a backslash makes a pipe literal", "X-Key: a\\|b", ["X-Key: a|b"], `X-Key: ${mask}`],
    ["a literal pipe is shown as it was typed", "Accept: a\\|b", ["Accept: a|b"], "Accept: a\\|b"],
    ["a value may hold colons", "X-Url: https://x.example.com:1", ["X-Url: https://x.example.com:1"], `X-Url: ${mask}`],
    ["the scheme word is shown, in any case", "Authorization: bearer abc", ["Authorization: bearer abc"], `Authorization: bearer ${mask}`],
    ["a token without a scheme word is wholly secret", "Authorization: abc def", ["Authorization: abc def"], `Authorization: ${mask}`],
    ["space around names and values is dropped", " X-Key :  abc  | ", ["X-Key: abc"], `X-Key: ${mask}`],
    ["an empty value is sent empty", "X-Empty:", ["X-Empty: "], "X-Empty: "],
    ["Latin-1 has bytes in a header", "X-Name: Zoë", ["X-Name: Zoë"], `X-Name: ${mask}`],
    ["the same name twice is sent twice", "X-Key: a|X-Key: b", ["X-Key: a", "X-Key: b"], `X-Key: ${mask}|X-Key: ${mask}`],
    ["a backslash and a space before a pipe: the pipe parts headers, and so it is shown", "Accept: a\\ |X-Key: b", ["Accept: a\\", "X-Key: b"], `Accept: a\\ |X-Key: ${mask}`],
    ["a place is only text: no lead writes a header", "X-Who: {lead.id}|Accept: {lead.id}", ["X-Who: {lead.id}", "Accept: {lead.id}"], `X-Who: ${mask}|Accept: {lead.id}`],
    ["nothing", "", [], ""],
  ])("%s", (_, authorization_header, sent, shown) => {
    const result = sealed(seal({ authorization_header }));
    expect(result.texts.headers.map(({ name, value }) => `${name}: ${filled(value, result.secrets)}`)).toEqual(sent);
    expect(result.shown.authorization_header).toBe(shown);
    expect(sealed(seal(result.shown, result)).texts).toEqual(result.texts);
  }); // prettier-ignore

  test.each([
    "Content-Length", "host", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "Expect", "TE", "Trailer",
    "Proxy-Authorization", "proxy-connection",
  ])("%s belongs to the connection: dropped with a warning, its value never shown", (name) => {
    const result = sealed(seal({ authorization_header: `${name}: s3cr3t|X-Key: abc` }));
    expect(result.texts.headers.map((header) => header.name)).toEqual(["X-Key"]);
    expect(result.warnings).toEqual([
      { path: "authorization_header", message: `${name} belongs to the connection, so Patchbay writes it itself and dropped this one` },
    ]);
    expect(result.shown.authorization_header).toBe(`${name}: ${mask}|X-Key: ${mask}`);
    expect(Object.values(result.secrets)).toEqual(["abc"]);
  }); // prettier-ignore

  test.each([
    ["no colon", "X-Key: a|X-Other abc", "The header X-Other has no colon after its name. Write Name: value, and part headers with |"],
    ["no name before a scheme", "X-Key: a|Bearer abc", "The second header has no name: Bearer and what follows belong into Authorization. Write Name: value, and part headers with |"],
    ["a token alone", "abc123", "The first header is a token without a header's name. Write Name: value, and part headers with |"],
    ["words", "see our page", 'The first header has no ":" between its name and its value. Write Name: value, and part headers with |'],
    ["no name", ": abc", 'The first header has no name before its ":". Write Name: value, and part headers with |'],
    ["a space in the name", "X-A: 1|X Key: abc", "The second header has a space in its name. Write Name: value, and part headers with |"],
    ["a letter beyond ASCII in the name", "Ключ: abc", "The first header has К in its name. Write Name: value, and part headers with |"],
    ["several lines", "X-Key: abc\r\nX-Other: 1", "The headers stand on several lines: they are parted by |. Write Name: value, and part headers with |"],
    ["a line break in the value", "X-Key: abc\ndef", "The header X-Key has a line break in its value. Write Name: value, and part headers with |"],
    ["a command", "curl -H 'X-Key: abc' https://a.example.com", "This is a curl command, of which only the headers belong here. Write Name: value, and part headers with |"],
    ["JSON", '{"X-Key": "abc"}', "This is JSON: headers are written Name: value, with | between them. Write Name: value, and part headers with |"],
    ["NUL in the value", "X-Key: a\0b", "The header X-Key has U+0000 in its value, which can't be sent. Delete it, or type the value again"],
    ["a curly quote in the value", "X-Key: “abc”", "The header X-Key has a quote (“) in its value, which can't be sent. Delete it, or type the value again"],
    ["a mark that can't be seen", "X-Key: a\u200bb", "The header X-Key has an invisible character in its value, which can't be sent. Delete it, or type the value again"],
    ["a mask for Content-Type, which is never masked", `Content-Type: ${mask}`, "Content-Type is not secret: type its real value"],
  ])("%s: refused, and the header is named", (_, authorization_header, message) => {
    expect(problems(seal({ authorization_header }))).toEqual([`authorization_header: ${message}`]);
  }); // prettier-ignore

  test.each([
    ["Authorization: Authorization: Bearer abc", "The header Authorization says its own name twice"],
    ["Authorization: Bearer Authorization: Bearer abc", "The header Authorization says its own name twice"],
    ["X-A: 1|Authorization: Basic Basic YTpi", "The header Authorization says Basic twice"],
    ['Authorization: Bearer "abc"', "The header Authorization has its token in quotes"],
    ["Authorization: Bearer abc;", "The header Authorization ends with a semicolon"],
    ["Authorization: Bearer\u00a0abc", "The header Authorization has an invisible character"],
    ["Bearer: abc", "The header Bearer is no header of its own: it belongs into Authorization, before the token"],
  ])("%s is taken as it is, with a warning that holds no secret", (authorization_header, message) => {
    expect(sealed(seal({ authorization_header })).warnings).toEqual([{ path: "authorization_header", message }]);
  }); // prettier-ignore

  test("Basic credentials are known to logs in clear, too", () => {
    const encoded = Buffer.from("ada:lovelace").toString("base64");
    const { secrets } = sealed(seal({ authorization_header: `Authorization: Basic ${encoded}` }));
    expect(Object.values(secrets)).toEqual([encoded, "ada:lovelace", "lovelace"]);
  });
});

describe("J, Adaptor ID", () => {
  test.each([
    ["GET", true], ["DELETE", true], ["POST", false], ["PUT", false], ["PATCH", false],
  ])("%s without an adaptor: %s", (request_method, ok) => {
    expect(problems(seal({ request_method }))).toEqual(
      ok ? [] : [`adaptor_id: Choose an adaptor: it says which fields a ${request_method} sends`],
    );
    expect(seal({ request_method, adaptor_id: 1 }).ok).toBe(true);
  }); // prettier-ignore

  test.each([
    ["JSON", "application/x-www-form-urlencoded", 1],
    ["RAW", "application/json", 1],
    ["JSON", "application/json; charset=utf-8", 0],
    ["JSON", "application/vnd.acme+json", 0],
  ])("%s with a header that says %s: %i warnings", (post_data_type, type, count) => {
    const typed = {
      request_method: "POST",
      adaptor_id: 1,
      post_data_type,
      authorization_header: `content-type: ${type}`,
    };
    expect(sealed(seal(typed)).warnings.length).toBe(count);
  });
});

describe("a mask typed back", () => {
  const stored = sealed(
    seal({
      api_url: "https://user:passw0rd@a.example.com/?token=UUUUUU",
      api_authentication: "api_key=AAAAAA&other=BBBBBB",
      authorization_header: "Authorization: Bearer CCCCCC|X-Key: DDDDDD",
    }),
  );

  test("keeps every secret by its name, whatever the order", () => {
    const again = sealed(
      seal(
        {
          api_url: `https://${mask}@a.example.com/new/path?x=1&token=${mask}`,
          api_authentication: `other=${mask}&api_key=${mask}`,
          authorization_header: `X-Key: ${mask}|Authorization: Token ${mask}`,
        },
        stored,
      ),
    );
    expect(again.secrets).toEqual(stored.secrets);
    expect(filled(again.texts.authentication, again.secrets)).toBe("other=BBBBBB&api_key=AAAAAA");
  });
  test("and a new value replaces only its own", () => {
    const again = sealed(seal({ ...stored.shown, api_authentication: `api_key=NEW&other=${mask}` }, stored));
    expect(filled(again.texts.authentication, again.secrets)).toBe("api_key=NEW&other=BBBBBB");
  });
  test.each([
    ["nothing is stored under that name", { api_authentication: `key=${mask}` }, 'api_authentication: Nothing is stored for "key" in Api Authentication: type the secret again'],
    ["new text is mixed with the mask", { api_authentication: `api_key=x${mask}` }, 'api_authentication: "api_key" in Api Authentication mixes new text with •••: type the whole secret again'],
    ["half of the mask was deleted", { authorization_header: "X-Key: ••••" }, "authorization_header: the header X-Key mixes new text with •••: type the whole secret again"],
  ])("is refused when %s", (_, part, message) => {
    expect(problems(seal({ ...part, api_url: "https://a.example.com/" }, stored))).toEqual([message]);
  }); // prettier-ignore

  test.each([
    "http://a.example.com",
    "https://b.example.com",
    "https://a.example.com:8443",
    "https://a.example.com.evil.example.com",
  ])("a stored secret never goes to %s", (origin) => {
    const found = problems(seal({ ...stored.shown, api_url: `${origin}/?token=${mask}` }, stored));
    expect(found).toHaveLength(5);
    for (const problem of found) expect(problem).toMatch("The address changed, so type this secret again");
  });
  test("the same address written otherwise is no change", () => {
    const api_url = `https://${mask}@A.EXAMPLE.com:443/?token=${mask}`;
    expect(problems(seal({ ...stored.shown, api_url }, stored))).toEqual([]);
  });
  test("typed anew, secrets may go to the new address", () => {
    expect(problems(seal({ api_url: "https://b.example.com", api_authentication: "api_key=NEW" }, stored))).toEqual([]);
  });
});

test.each([
  [true, ["token", "auth_token", "apiKey", "APIKEY", "x-api-key", "pass", "password", "user_pass", "client_secret", "accessKeyId", "pwd"]],
  [false, ["campaign", "keyword", "monkey", "passenger", "id", "compass", "phone", "turkey"]],
])("named like a secret is %s", (secret, names) => {
  for (const name of names) expect([name, isSecretName(name)]).toEqual([name, secret]);
}); // prettier-ignore

test("what is shown, given back unchanged, seals to the same texts, secrets and settings", () => {
  const word = fc.stringMatching(/^[A-Za-z0-9._~%+-]{1,12}$/);
  const name = fc.oneof(word, fc.constantFrom("token", "api_key", "x", "k"));
  const pairs = fc.array(fc.tuple(name, fc.oneof(word, fc.constant(""))).map((pair) => pair.join("=")), { maxLength: 4 });
  const header = fc.tuple(
    fc.constantFrom("Authorization", "X-Key", "Accept", "Content-Type", "Content-Length", "x-key"),
    fc.constantFrom("", "Bearer ", "Basic "),
    fc.stringMatching(/^[ -~]{0,16}$/),
  ).map(([called, scheme, value]) => `${called}: ${scheme}${value.replaceAll("|", "\\|").replace(/\\$/, "")}`);
  const typed = fc.record({
    api_url: fc.tuple(fc.constantFrom("", "user:pass@", "u@"), word, pairs, fc.constantFrom("", "#frag", "?")).map(
      ([user, path, query, end]) => `https://${user}a.example.com/${path.replaceAll("%", "")}?${query.join("&")}${end}`,
    ),
    api_authentication: fc.oneof(pairs.map((all) => `?${all.join("&")}`), fc.stringMatching(/^[ -~]{0,16}$/)),
    authorization_header: fc.array(header, { maxLength: 4 }).map((all) => all.join("|")),
  });
  fc.assert(
    fc.property(typed, (part) => {
      const first = seal(part);
      if (!first.ok) return;
      const again = sealConnect(first.shown, first, [publisher]);
      expect(again.ok && { ...again, warnings: [] }).toEqual({ ...first, warnings: [] });
    }),
    { numRuns: 500 },
  );
}); // prettier-ignore
