import type { AgentId, CampaignId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

/** A campaign by its id, else by its code. Nothing is added. */
export async function findCampaignId(scope: AccountScope, text: string): Promise<CampaignId | null> {
  const [row] = await scope.query<{ id: CampaignId }>(
    `select id from campaigns where account_id = $1 and (id = $2 or code = $3) order by id = $2 desc nulls last limit 1`,
    [wholeNumber(text), text],
  );
  return row?.id ?? null;
}

/** An agent by number, code or id; in this order where they collide. Nothing is added. */
export async function findAgentId(scope: AccountScope, text: string): Promise<AgentId | null> {
  const [row] = await scope.query<{ id: AgentId }>(
    `select id from agents where account_id = $1 and (number = $2 or code = $3 or id = $2)
     order by (number = $2) is true desc, (code = $3) is true desc limit 1`,
    [wholeNumber(text), text],
  );
  return row?.id ?? null;
}

function wholeNumber(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
