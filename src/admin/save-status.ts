import { ProblemError } from "../core/problem-error.ts";
import { countLeadsOfStatus, statuses, type StatusRow, type StatusValues } from "../store/statuses.ts";
import type { Change, Changes } from "./change.ts";
import { counted, removeNoun, saveNoun, type Noun } from "./save-noun.ts";

const noun: Noun<StatusRow, StatusValues> = {
  kind: "status",
  table: statuses,
  nameOf: ({ code }) => code,
  taken: { statuses_account_id_code_key: "code: Another status has this code" },
};

/** Adds or changes a status. The code is what leads hold, so it stays while one has it. */
export async function saveStatus(change: Change, id: number | null, values: Changes<StatusValues>): Promise<StatusRow> {
  if (id !== null && values.code !== undefined) {
    const old = await statuses.lock(change.scope, id);
    const user = old === null || old.code === values.code ? null : await userOf(change, old);
    if (user !== null) throw new ProblemError("in_use", { detail: user });
  }
  return saveNoun(change, noun, id, values);
}

export async function deleteStatus(change: Change, id: number): Promise<void> {
  await removeNoun(change, noun, id, (status) => userOf(change, status));
}

async function userOf(change: Change, { code }: StatusRow): Promise<string | null> {
  if (code === "NEW") return "NEW is the status of every new lead, so it stays.";
  const count = await countLeadsOfStatus(change.scope, code);
  if (count === 0) return null;
  return `${count === 1000 ? "1,000 leads or more have" : counted(count, "lead has", "leads have")} the status ${code}, so it stays.`;
}
