import type { FieldValues } from "../contracts/fields.ts";
import { sayEventType } from "./match-conditions.ts";

/** "a call was dispositioned as NI", "the lead was saved, its status changed from NEW to NI". */
export function sayEvent(event: {
  readonly type: string;
  readonly call: FieldValues | null;
  readonly statusChange: { readonly from: string; readonly to: string } | null;
}): string {
  const { type, call, statusChange } = event;
  const words = sayEventType(type);
  if (type === "call.dispositioned" || type === "call.redispositioned")
    return `${words} as ${String(call?.["status"] ?? "") || "nothing"}`;
  // a new lead's status is no change that anybody waited for
  if (statusChange === null || type === "lead.created") return words;
  return `${words}, its status changed from ${statusChange.from || "nothing"} to ${statusChange.to || "nothing"}`;
}

/** The same, as a line of its own. */
export function titleOfEvent(event: Parameters<typeof sayEvent>[0]): string {
  const words = sayEvent(event);
  // an event of the account's own goes by its name, as it is written
  return event.type.startsWith("x.") ? words : words[0]!.toUpperCase() + words.slice(1);
}
