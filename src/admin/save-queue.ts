import { queues, type QueueRow, type QueueValues } from "../store/queues.ts";
import { workflowsUsing } from "../store/workflow-users.ts";
import type { Change, Changes } from "./change.ts";
import { removeNoun, saveNoun, type Noun } from "./save-noun.ts";

const noun: Noun<QueueRow, QueueValues> = {
  kind: "queue",
  table: queues,
  nameOf: ({ name }) => name,
  taken: {
    queues_account_id_name_key: "name: Another queue has this name",
    queues_account_id_code_key: "code: Another queue has this code",
  },
};

/** Adds or changes a queue. */
export async function saveQueue(change: Change, id: number | null, values: Changes<QueueValues>): Promise<QueueRow> {
  return saveNoun(change, noun, id, values);
}

export async function deleteQueue(change: Change, id: number): Promise<void> {
  await removeNoun(change, noun, id, async ({ name }) => {
    const users = await workflowsUsing(change.scope, "queue", id);
    return users.length === 0 ? null : `${name} is used by ${users.join(", ")}. Take it out there first.`;
  });
}
