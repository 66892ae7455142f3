import type { AccountId } from "../../src/contracts/ids.ts";
import { accountScope, type AccountScope } from "../../src/store/account-scope.ts";
import type { Database } from "../../src/store/database.ts";
import { insertToken } from "../../src/store/tokens.ts";

export type BusyAccount = {
  readonly scope: AccountScope;
  readonly secret: string;
  readonly campaignId: number;
  /** Those whose notes are 650 characters long, for events that bring no text of their own to the vendor. */
  readonly leads: { readonly short: readonly number[]; readonly long: readonly number[] };
  /** Adds something by the admin API, as the page does. */
  readonly add: (url: string, path: string, body: object) => Promise<{ readonly id: number }>;
};

/** An account with a campaign, two lists in it, leads spread over many numbers, and a token that may do everything. */
export async function busyAccount(db: Database, leadsPerList: number): Promise<BusyAccount> {
  const { rows } = await db.query<{ id: AccountId }>(
    "insert into accounts (name, time_zone) values ('Acme Calls', 'America/Los_Angeles') returning id",
  );
  const scope = accountScope(db, rows[0]!.id);
  const [campaign] = await scope.query<{ id: number }>(
    "insert into campaigns (account_id, name) values ($1, 'Campaign A') returning id",
  );
  const listOf = async (name: string, notes: string): Promise<number[]> => {
    const [list] = await scope.query<{ id: number }>(
      "insert into lists (account_id, name, campaign_id) values ($1, $2, $3) returning id",
      [name, campaign!.id],
    );
    const leads = await scope.query<{ id: number }>(
      `insert into leads (account_id, list_id, phone_number, fields)
       select $1, $2, (200 + n % 800)::text || '55501' || lpad((n / 800 % 100)::text, 2, '0'), jsonb_build_object('first_name', 'Ada', 'last_name', 'Example ' || n,
         'email', 'ada' || n || '@example.com', 'state', 'CA', 'city', 'Los Angeles', 'postal_code', '90001', 'notes', $4::text)
       from generate_series(1, $3) n returning id`,
      [list!.id, leadsPerList, notes],
    );
    return leads.map(({ id }) => id);
  };
  const leads = { short: await listOf("Web leads", ""), long: await listOf("Leads with notes", prose(650)) };
  const access = ["events", "leads", "admin"];
  const { secret } = await insertToken(scope, { name: "dialler", access, ratePerSecond: null, expiresAt: null });
  return {
    scope,
    secret,
    campaignId: campaign!.id,
    leads,
    add: async (url, path, body) => {
      const response = await fetch(`${url}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (response.status !== 201) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as { id: number };
    },
  };
}

/** Ten fields, which make about 1 KB with the call's comment or the lead's notes. */
export const tenFields = [
  { section: "lead", field: "id", to: "lead_id", type: "number" },
  { section: "lead", field: "first_name", to: "firstname", format: "title" },
  { section: "lead", field: "last_name", to: "lastname", format: "title" },
  { section: "lead", field: "phone_number", to: "phone", format: "e164" },
  { section: "lead", field: "email", to: "email" },
  { section: "lead", field: "state", to: "address[state]", value_map: [["CA", "California"]] },
  { section: "lead", field: "city", to: "address[city]" },
  { section: "lead", field: "notes", to: "notes" },
  { section: "call", field: "agent_comment", to: "comment" },
  { section: "static", to: "source", value: "Patchbay {lead.postal_code}" },
] as const;

/** Words without much to compress, always the same. */
function prose(length: number): string {
  let seed = 7;
  let text = "";
  while (text.length < length) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += `${seed.toString(36)} `;
  }
  return text.slice(0, length);
}

export type EventKind = "call.dispositioned" | "x.sale";

/** The body of an event, about 1 KB, for the load generator: `@lead` and `@number` are filled in there. */
export function eventBody(kind: EventKind, campaignId: number): string {
  const event =
    kind === "call.dispositioned"
      ? {
          type: kind,
          lead_id: "@lead",
          call: {
            call_id: "call-@number",
            status: "SALE",
            campaign: campaignId,
            agent: "1001",
            call_type: "OUTBOUND",
            length_in_sec: 93,
            term_reason: "AGENT",
            agent_comment: `n@number ${prose(700)}`,
          },
        }
      : { type: kind, lead_id: "@lead", data: { number: "@number", note: prose(850) } };
  return JSON.stringify(event).replace('"@lead"', "@lead");
}
