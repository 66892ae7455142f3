import type { Role } from "./endpoint.ts";

/** Who reads the logs of an account, as far as it decides what is masked. */
export type LogReader = {
  readonly role: Role;
  /** Keys of lead fields that the account masks in its logs for everybody. */
  readonly maskedInLogs: readonly string[];
};

/** Filters of the logs that tell of what may be masked. */
export const maskedFilters = ["phone", "result"] as const;
export type MaskedFilter = (typeof maskedFilters)[number];

/**
 * Why a reader can't filter the logs so: who sees a value masked would find it out by filtering, letter by letter. null:
 * they may. The server refuses with these words, and the page does not offer what is refused.
 */
export function refusedFilter(filter: MaskedFilter, { role, maskedInLogs }: LogReader): string | null {
  const what = { phone: "phone numbers", result: "results" }[filter];
  if (role === "viewer") return `Your role sees ${what} masked, so it can't filter by them.`;
  if (filter === "phone")
    return maskedInLogs.includes("phone_number")
      ? "This account masks phone numbers in its logs, so nobody can filter the logs by them."
      : null;
  return maskedInLogs.length > 0
    ? "This account masks fields in its logs, and a result may repeat them, so nobody can filter the logs by results."
    : null;
}

/** Why a reader can't search leads by what is not their id. null: they may. */
export function refusedLeadSearch({ role }: Pick<LogReader, "role">): string | null {
  return role === "viewer"
    ? "Your role sees names, phone numbers and e-mail addresses masked, so it can't search leads by them. Search by the lead's id."
    : null;
}
