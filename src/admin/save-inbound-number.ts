import { inboundNumbers, type InboundNumberRow, type InboundNumberValues } from "../store/inbound-numbers.ts";
import { workflowsUsing } from "../store/workflow-users.ts";
import type { Change, Changes } from "./change.ts";
import { removeNoun, saveNoun, type Noun } from "./save-noun.ts";

const noun: Noun<InboundNumberRow, InboundNumberValues> = {
  kind: "inbound number",
  table: inboundNumbers,
  nameOf: ({ name }) => name,
  taken: {
    inbound_numbers_account_id_name_key: "name: Another inbound number has this name",
    inbound_numbers_account_id_code_key: "code: Another inbound number has this code",
  },
};

/** Adds or changes a number that callers dial. */
export async function saveInboundNumber(
  change: Change,
  id: number | null,
  values: Changes<InboundNumberValues>,
): Promise<InboundNumberRow> {
  return saveNoun(change, noun, id, values);
}

export async function deleteInboundNumber(change: Change, id: number): Promise<void> {
  await removeNoun(change, noun, id, async ({ name }) => {
    const users = await workflowsUsing(change.scope, "inbound_number", id);
    return users.length === 0 ? null : `${name} is used by ${users.join(", ")}. Take it out there first.`;
  });
}
