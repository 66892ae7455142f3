import { agents, isAgentOfLead, type AgentRow, type AgentValues } from "../store/agents.ts";
import type { Change, Changes } from "./change.ts";
import { removeNoun, saveNoun, type Noun } from "./save-noun.ts";

const noun: Noun<AgentRow, AgentValues> = {
  kind: "agent",
  table: agents,
  nameOf: ({ name }) => name,
  taken: {
    agents_account_id_number_key: "number: Another agent has this number",
    agents_account_id_code_key: "code: Another agent has this code",
  },
};

/** Adds or changes an agent. */
export async function saveAgent(change: Change, id: number | null, values: Changes<AgentValues>): Promise<AgentRow> {
  return saveNoun(change, noun, id, values);
}

export async function deleteAgent(change: Change, id: number): Promise<void> {
  await removeNoun(change, noun, id, async (agent) =>
    (await isAgentOfLead(change.scope, agent)) ? `Leads name ${agent.name} as their user or owner.` : null,
  );
}
