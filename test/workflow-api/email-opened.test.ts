import { expect, test } from "vitest";
import { startPatchbay } from "../http/patchbay.ts";

const patchbay = startPatchbay();
type Row = { readonly id: number };

test("an opened e-mail, told by whoever sent it, fires what is about its template and nothing else", async () => {
  const admin = await patchbay.user(await patchbay.account("Acme"), "admin");
  const list = await admin.ok<Row>("POST", "/api/lists", { name: "Web leads" });
  const lead = await admin.ok<Row>("POST", "/api/leads", { list_id: list.id, phone_number: "3105550142" });
  const [welcome, offer] = await Promise.all(
    ["Welcome", "Offer"].map((name) =>
      admin.ok<Row>("POST", "/api/email-templates", { name, subject: name, body: `${name}.` }),
    ),
  );
  const workflow = await admin.ok<Row>("POST", "/api/workflows", {
    name: "Opened the offer",
    relation: { kind: "email_template", of: [offer!.id] },
    events: [{ type: "email_event", event: "opened" }],
    action_sets: [{ actions: [{ type: "status", status: "WARM" }] }],
  });
  const { secret } = await admin.ok<{ secret: string }>("POST", "/api/tokens", { name: "mailer", access: ["events"] });

  const answer = await fetch(`${patchbay.url}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify(
      [welcome, offer].map((template) => ({ type: "email.opened", lead_id: lead.id, email_template: template!.id })),
    ),
  });

  expect(await answer.json()).toMatchObject({ results: [{ stored: true }, { stored: true }] });
  const { items } = await admin.ok<{ items: unknown[] }>("GET", `/api/runs?workflow=${workflow.id}`);
  expect(items).toMatchObject([{ fired: true, event: { type: "email.opened" } }]);
  expect(await admin.ok("GET", `/api/leads/${lead.id}`)).toMatchObject({ status: "WARM" });
});
