import { AdaptorSettings } from "../../src/contracts/adaptor.ts";
import { ConnectSettings } from "../../src/contracts/connect.ts";
import type { AccountId, AdaptorId, ConnectId, LeadId, ListId } from "../../src/contracts/ids.ts";
import { sealConnect } from "../../src/core/seal-connect.ts";
import { createAddressGuard } from "../../src/outbound/address-guard.ts";
import { createSender } from "../../src/outbound/send.ts";
import { accountScope, type AccountScope } from "../../src/store/account-scope.ts";
import type { Database } from "../../src/store/database.ts";
import { insertLead } from "../../src/store/leads.ts";
import { createSecretBox } from "../../src/store/secret-box.ts";

export const secretBox = createSecretBox(new Uint8Array(32).fill(7));

/** Loopback vendors may be called. */
export const loopbackSender = () => createSender({ guard: createAddressGuard(["127.0.0.0/8", "::1/128"]) });

export type TestAccount = {
  readonly scope: AccountScope;
  readonly accountId: AccountId;
  readonly listId: ListId;
  readonly leadId: LeadId;
};

/** An account with a list and one lead. */
export async function makeAccount(db: Database, name: string): Promise<TestAccount> {
  const { rows } = await db.query<{ id: AccountId }>(
    "insert into accounts (name, time_zone) values ($1, 'America/Los_Angeles') returning id",
    [name],
  );
  const accountId = rows[0]!.id;
  const scope = accountScope(db, accountId);
  const [list] = await scope.query<{ id: ListId }>(
    "insert into lists (account_id, name) values ($1, 'Web leads') returning id",
  );
  const lead = await insertLead(scope, {
    listId: list!.id,
    phoneNumber: "3105550142",
    phoneCode: "1",
    status: "NEW",
    fields: { first_name: "Ada", last_name: "Example", email: "ada@example.com" },
  });
  return { scope, accountId, listId: list!.id, leadId: lead.id };
}

/** A connect with an adaptor (name and phone), as `admin` would save it. */
export async function makeConnect(
  { scope, accountId }: Pick<TestAccount, "scope" | "accountId">,
  settings: Partial<ConnectSettings> & { readonly api_url: string },
  fields: AdaptorSettings["fields"] = defaultFields,
): Promise<{ readonly id: ConnectId; readonly adaptorId: AdaptorId }> {
  const name = settings.name ?? `Vendor ${Math.random().toString(36).slice(2)}`;
  const adaptorSettings = AdaptorSettings.parse({ name: `${name} fields`, fields });
  const stored = {
    ...adaptorSettings,
    fields: adaptorSettings.fields.map((row) => (row.section === "static" ? { ...row, value: [row.value] } : row)),
  };
  const [adaptor] = await scope.query<{ id: AdaptorId }>(
    `insert into adaptors (account_id, name, active, settings, stored, revision)
     values ($1, $2, true, $3, $4, 1) returning id`,
    [adaptorSettings.name, JSON.stringify(adaptorSettings), JSON.stringify(stored)],
  );
  const sealed = sealConnect(
    ConnectSettings.parse({ request_method: "POST", adaptor_id: adaptor!.id, ...settings, name }),
    null,
  );
  if (!sealed.ok) throw new Error(JSON.stringify(sealed.problems));
  const [connect] = await scope.query<{ id: ConnectId }>(
    `insert into connects (account_id, name, active, adaptor_id, settings, texts, origin, revision)
     values ($1, $2, $3, $4, $5, $6, $7, 1) returning id`,
    [name, sealed.shown.active, adaptor!.id, JSON.stringify(sealed.shown), JSON.stringify(sealed.texts), sealed.origin],
  );
  const { id } = connect!;
  await scope.query("update connects set secrets = $3 where account_id = $1 and id = $2", [
    id,
    secretBox.seal(sealed.secrets, { table: "connects", account: accountId, id }),
  ]);
  return { id, adaptorId: adaptor!.id };
}

const defaultFields = AdaptorSettings.parse({
  name: "default",
  fields: [
    { section: "lead", field: "first_name", to: "firstname" },
    { section: "lead", field: "phone_number", to: "phone" },
    { section: "lead", field: "email", to: "email" },
  ],
}).fields;

/** Waits until `look` gives something; says what was last seen when that takes over `withinMs`. */
export async function eventually<T>(look: () => Promise<T | null | undefined | false>, withinMs = 10_000): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > until) throw new Error(`It did not come to be within ${withinMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const nothing = (): void => {};
export const quiet = { debug: nothing, info: nothing, warn: nothing, error: console.error };
