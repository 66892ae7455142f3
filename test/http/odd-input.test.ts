import { beforeAll, describe, expect, test } from "vitest";
import { type Client, startPatchbay } from "./patchbay.ts";

const patchbay = startPatchbay();
let admin: Client;

beforeAll(async () => {
  admin = await patchbay.withToken(await patchbay.account("Acme Calls"), ["admin"]);
});

describe("text that the database can't keep is refused where it stands", () => {
  const nul = "this holds a NUL character. Delete it";
  const half = "this holds half of a surrogate pair, which is no character. Delete it";
  test.for([
    ["POST", "/api/lists", { name: "a\0b" }, "name", nul],
    ["POST", "/api/lists", { name: "a\ud800b" }, "name", half],
    ["POST", "/api/adaptors", { name: "A", fields: [{ section: "static", to: "a", value: "\0" }] }, "fields[0].value", nul],
    ["POST", "/api/leads", { first_name: "a\ud800b" }, "first_name", half],
    ["POST", "/api/leads", { "a\0": "b" }, "a\ufffd", nul],
    ["GET", "/api/leads?search=%00", undefined, "search", nul],
    ["GET", "/api/search?q=a%00", undefined, "q", nul],
    ["GET", "/api/deliveries?result=a%00b", undefined, "result", nul],
  ] as const)("%s %s", async ([method, path, body, place, message]) => {
    const problem = await admin.refused("bad_input", method, path, body);
    expect(problem.errors).toEqual([{ path: place, message }]);
  }); // prettier-ignore
});

describe("beside the page's files, the vendors' API answers in its own words", () => {
  test.for([
    ["GET", "/v1/leads/update", 404, "There is no /v1/leads/update here. This API has: /v1/leads/insert"],
    ["POST", "/v1/leads/update", 404, "There is no /v1/leads/update here. This API has: /v1/leads/insert"],
    ["DELETE", "/v1/leads/insert", 405, "/v1/leads/insert takes GET and POST, not DELETE"],
  ] as const)("%s %s", async ([method, path, code, text]) => {
    const answer = await patchbay.anonymous.call(method, path);
    expect(answer.status).toBe(code);
    expect(answer.body).toEqual({ success: false, code, text, message: text, error: text });
  });
});
