import { badInput } from "../core/problem-error.ts";
import { campaigns } from "../store/campaigns.ts";
import { describeLists, lists, type ListRow, type ListValues } from "../store/lists.ts";
import { workflowsUsing } from "../store/workflow-users.ts";
import type { Change, Changes } from "./change.ts";
import { counted, removeNoun, saveNoun, type Noun } from "./save-noun.ts";

const noun: Noun<ListRow, ListValues> = {
  kind: "list",
  table: lists,
  nameOf: ({ name }) => name,
  taken: {
    lists_account_id_name_key: "name: Another list has this name",
    lists_account_id_code_key: "code: Another list has this code",
  },
};

/** Adds or changes a list. */
export async function saveList(change: Change, id: number | null, values: Changes<ListValues>): Promise<ListRow> {
  const campaign = values.campaign_id ?? null;
  if (campaign !== null && (await campaigns.lock(change.scope, campaign)) === null)
    throw badInput("campaign_id", `There is no campaign ${campaign}`);
  return saveNoun(change, noun, id, values);
}

export async function deleteList(change: Change, id: number): Promise<void> {
  await removeNoun(change, noun, id, async (list) => {
    const count = (await describeLists(change.scope, [list.id])).get(list.id)?.leads ?? 0;
    const users = await workflowsUsing(change.scope, "list", list.id);
    if (users.length > 0) return `${list.name} is used by ${users.join(", ")}. Choose another list there first.`;
    return count === 0 ? null : `${counted(count, "lead is", "leads are")} in ${list.name}, so it stays.`;
  });
}
