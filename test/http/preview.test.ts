import { expect, test } from "vitest";
import type { Preview } from "../../src/contracts/preview.ts";
import { startReceiver } from "../receiver.ts";
import { startPatchbay } from "./patchbay.ts";

const patchbay = startPatchbay();
/** Written by the connection itself, and so in no preview. */
const ofTheConnection = ["host", "connection", "content-length"];

test("the preview shows every header that the vendor receives", async () => {
  await using vendor = await startReceiver({ body: "{}" });
  const admin = await patchbay.withToken(await patchbay.account("Acme Calls"), ["admin"]);
  await admin.ok("POST", "/api/leads/sample");
  const connect = {
    name: "Vendor",
    api_url: vendor.url("/leads"),
    authorization_header: "X-Kind: lead|accept: application/json",
    request_method: "POST",
  };
  const adaptor = { name: "CRM", fields: [{ section: "lead", field: "phone_number", to: "phone" }] };
  const { id: adaptor_id } = await admin.ok("POST", "/api/adaptors", adaptor);
  const { id } = await admin.ok("POST", "/api/connects", { ...connect, adaptor_id });

  const preview = await admin.ok<Preview>("POST", "/api/connects/preview", { connect_id: id });
  const { delivery_id } = await admin.ok("POST", `/api/connects/${String(id)}/test`, {});
  const [received] = await vendor.received(1);

  const shown = preview.requests[0]!.headers.map(([name, value]) =>
    value === "(the delivery's id)" ? [name, delivery_id] : [name, name === "X-Kind" ? "lead" : value],
  );
  const sent = received!.rawHeaders.filter(([name]) => !ofTheConnection.includes(name.toLowerCase()));
  expect(sent).toEqual(shown);
});
