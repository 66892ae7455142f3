import type { FieldKind, FieldValue, Snapshot } from "../contracts/fields.ts";
import type { Action } from "../contracts/workflow.ts";

export type FieldChange =
  | { readonly ok: true; readonly value: FieldValue }
  /** Nothing is changed; the action's log says why. */
  | { readonly ok: false; readonly because: string };

/**
 * The new value of a field action: a constant, another field, now, or arithmetic. An empty field counts as 0 in
 * arithmetic; one that holds no number is left alone. Decimals keep ten places and lose trailing noise (0.1 + 0.2 is 0.3).
 */
export function changeField(
  action: Extract<Action, { type: "field" }>,
  snapshot: Snapshot,
  kind: FieldKind,
  now: Temporal.Instant,
  timeZone: string,
): FieldChange {
  if (action.now === true)
    return {
      ok: true,
      value:
        kind === "date"
          ? now.toZonedDateTimeISO(timeZone).toPlainDate().toString()
          : now.toString({ smallestUnit: "second" }),
    };
  if (action.from !== undefined) return { ok: true, value: read(snapshot, action.from) };
  const operation = (["add", "subtract", "multiply", "divide"] as const).find((name) => action[name] !== undefined);
  if (operation === undefined) return { ok: true, value: action.set ?? null };

  const text = String(read(snapshot, action.field) ?? "").trim();
  const current = text === "" ? 0 : Number(text);
  const operand = action[operation]!;
  if (!Number.isFinite(current))
    return { ok: false, because: `${action.field} holds "${text}", which is not a number` };
  if (operation === "divide" && operand === 0) return { ok: false, because: "nothing can be divided by 0" };
  const result = {
    add: current + operand,
    subtract: current - operand,
    multiply: current * operand,
    divide: current / operand,
  }[operation];
  if (!Number.isFinite(result)) return { ok: false, because: "the result is too large" };
  return { ok: true, value: Number(result.toFixed(10)) };
}

/** `first_name`, `lead.first_name`, `call.status`, `extra.agent_email`. */
function read(snapshot: Snapshot, name: string): FieldValue {
  const [section, key] = name.includes(".") ? (name.split(".", 2) as [string, string]) : ["lead", name];
  const values = section === "call" ? snapshot.call : section === "extra" ? snapshot.extra : snapshot.lead;
  return values?.[key] ?? null;
}
