import type { AgentId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import { plainTable } from "./plain-table.ts";

export type AgentValues = {
  readonly number: number | null;
  readonly code: string | null;
  readonly name: string;
  readonly email: string;
};
export type AgentRow = AgentValues & { readonly id: AgentId; readonly described: boolean };

export const agents = plainTable<AgentRow, AgentValues>("agents", ["number", "code", "name", "email"], ["described"]);

/** Whether a lead names this agent as its user or owner, by number or code. Looks at the account's leads one by one. */
export async function isAgentOfLead(scope: AccountScope, agent: AgentRow): Promise<boolean> {
  const names = [agent.number, agent.code].flatMap((name) => (name === null ? [] : [String(name)]));
  const [row] = await scope.query<{ is: boolean }>(
    `select exists (select from leads where account_id = $1
       and (fields ->> 'user_id' = any ($2::text[]) or fields ->> 'owner_id' = any ($2::text[]))) as is`,
    [names],
  );
  return row!.is;
}
