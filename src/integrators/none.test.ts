import { expect, test } from "vitest";
import { ApiIntegrator, ConnectSettings } from "../contracts/connect.ts";
import type { Exchange } from "../core/exchange.ts";
import type { ConnectTexts } from "../core/request.ts";
import { integratorOf } from "./index.ts";
import { none } from "./none.ts";

const settings = ConnectSettings.parse({
  name: "Acme CRM",
  api_url: "https://api.example.com/leads",
  request_method: "POST",
  response_key: "id",
});
const texts: ConnectTexts = { url: ["https://api.example.com/leads"], authentication: [], headers: [] };
const snapshot = { lead: { first_name: "Ann" }, call: null, extra: {} };
const pair = { row: 0, section: "lead", field: "first_name", target: "name", value: ["Ann"], type: "text" } as const;
const mapped = { pairs: [pair], trace: [], warnings: [], missing: [], tooLarge: null };
const timing = { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: 1, total_ms: 1 };
const body = new TextEncoder().encode('{"id":"007"}');
const answered: Exchange = { answer: { status: 201, headers: [], body, truncated: false }, fault: null, timing };
const frozen = none.freeze({ settings, texts, mapped, snapshot, customFields: [] });
const plain = (text: string): string => text;

function job() {
  if (!frozen.ok) throw new Error(frozen.diagnosis.message);
  return { settings, texts, payload: frozen.payload };
}

test("every choice of API Integrator has its integrator", () => {
  for (const id of ApiIntegrator.options) expect(integratorOf(id).id).toBe(id);
});

test("an attempt is one call, built from the frozen payload", () => {
  expect(none.nextCall(job(), [])).toMatchObject({
    ok: true,
    plan: { method: "POST", url: ["https://api.example.com/leads"] },
  });
  expect(none.nextCall(job(), [answered])).toBeNull();
});

test("a POST without an adaptor has nothing to send", () => {
  expect(none.freeze({ settings, texts, mapped: null, snapshot, customFields: [] })).toMatchObject({
    ok: false,
    diagnosis: { code: "mapping_empty" },
  });
});

test("the answer is read by the connect's settings", () => {
  expect(none.read(job(), [answered], plain)).toMatchObject({ kind: "read", result: "007" });
});

test("an answer that broke off is not read", () => {
  const fault = { code: "connection_reset", detail: "closed within the answer", answerLost: true } as const;
  expect(none.read(job(), [{ ...answered, fault }], plain)).toBeNull();
  expect(none.read(job(), [], plain)).toBeNull();
});
