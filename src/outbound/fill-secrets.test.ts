import { expect, test } from "vitest";
import type { SecretEncoding } from "../core/text.ts";
import { fillSecrets } from "./fill-secrets.ts";

const secret = `a b&c="d"/é'`;
test.each<[SecretEncoding, string]>([
  ["as_is", secret],
  ["query", "a%20b%26c%3D%22d%22%2F%C3%A9%27"],
  ["form", "a+b%26c%3D%22d%22%2F%C3%A9%27"],
  ["json", `a b&c=\\"d\\"/é'`],
])("a secret is filled in %s", (encode, written) => {
  expect(fillSecrets(["x=", { secret: "key", encode }, "&y"], { key: secret })).toEqual({
    ok: true,
    value: `x=${written}&y`,
  });
});

test("a secret that isn't stored is named", () => {
  expect(fillSecrets(["x=", { secret: "key", encode: "as_is" }], {})).toEqual({ ok: false, missing: "key" });
  expect(fillSecrets([{ secret: "toString", encode: "as_is" }], {})).toEqual({ ok: false, missing: "toString" });
});
