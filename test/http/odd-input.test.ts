import { beforeAll, describe, expect, test } from "vitest";
import { importConfig } from "../../src/admin/import-config.ts";
import type { AccountId } from "../../src/contracts/ids.ts";
import { type Client, secretBox, startPatchbay } from "./patchbay.ts";

const patchbay = startPatchbay();
let admin: Client;
let accountId: AccountId;

beforeAll(async () => {
  accountId = await patchbay.account("Acme Calls");
  admin = await patchbay.withToken(accountId, ["admin"]);
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

  test("in a configuration file, by its line", async () => {
    const actor = { kind: "system", id: null, name: "test" } as const;
    const file = String.raw`patchbay: 1
lists:
  - { name: "a\0b" }
adaptors:
  - name: A
    fields: [ { section: lead, field: city, to: "c\0" } ]
`;
    const imported = await importConfig({ database: patchbay.db, secretBox, accountId, actor }, file, {
      environment: {},
      dryRun: false,
    });
    expect(imported).toEqual({
      ok: false,
      problems: [
        { line: 3, message: `lists.name: ${nul}` },
        { line: 6, message: `adaptors.fields.to: ${nul}` },
      ],
    });
  });
});

const known =
  "/v1/events, /v1/leads/insert, /v1/callbacks/search, /v1/callbacks/insert, /v1/callbacks/update, " +
  "/v1/callbacks/delete, /v1/dnc/search, /v1/dnc/insert, /v1/dnc/delete";

describe("beside the page's files, the vendors' API answers in its own words", () => {
  test.for([
    ["GET", "/v1/leads/update", 404, `There is no /v1/leads/update here. This API has: ${known}`],
    ["POST", "/v1/leads/update", 404, `There is no /v1/leads/update here. This API has: ${known}`],
    ["DELETE", "/v1/leads/insert", 405, "/v1/leads/insert takes GET and POST, not DELETE"],
  ] as const)("%s %s", async ([method, path, code, text]) => {
    const answer = await patchbay.anonymous.call(method, path);
    expect(answer.status).toBe(code);
    expect(answer.body).toEqual({ success: false, code, text, message: text, error: text });
  });
});
