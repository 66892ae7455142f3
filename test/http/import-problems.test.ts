import { expect, test } from "vitest";
import { importConfig } from "../../src/admin/import-config.ts";
import { secretBox, startPatchbay } from "./patchbay.ts";

const patchbay = startPatchbay();

test("a secret or an adaptor that isn't there hides nothing else that is wrong", async () => {
  const actor = { kind: "system", id: null, name: "test" } as const;
  const by = { database: patchbay.db, secretBox, accountId: await patchbay.account("Acme Calls"), actor };
  const file = `patchbay: 1
adaptors:
  - name: CRM
    fields:
      - { section: lead, field: nothing, to: a }
      - { section: static, to: token, value: { env: UNSET } }
connects:
  - name: Of no adaptor
    request_method: POST
    adaptor: Nobody
    api_url: ftp://a.example.com/
  - name: Of a spoiled one
    request_method: POST
    adaptor: CRM
    authorization_header: "X A: 1"
    api_url: { env: UNSET }
  - name: Without one
    request_method: POST
    api_authentication: { env: UNSET }
    api_url: https://a.example.com/
`;
  const imported = await importConfig(by, file, { environment: {}, dryRun: false });
  const unset = "set UNSET in the environment: nothing is stored here yet";
  expect(imported).toEqual({
    ok: false,
    problems: [
      { line: 5, message: 'adaptors.fields.field: "nothing" is no field of the section lead' },
      { line: 6, message: `adaptors.fields.value: ${unset}` },
      { line: 10, message: "connects.adaptor: There is no adaptor Nobody, here or in this file" },
      { line: 11, message: "connects.api_url: Begin the address with https:// or http://" },
      {
        line: 15,
        message:
          "connects.authorization_header: The first header has a space in its name. Write Name: value, and part headers with |",
      },
      { line: 16, message: `connects.api_url: ${unset}` },
      { line: 17, message: "connects.adaptor: Choose an adaptor: it says which fields a POST sends" },
      { line: 19, message: `connects.api_authentication: ${unset}` },
    ],
  });
});
