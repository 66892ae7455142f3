import { businessErrorSaying } from "./envelope.ts";
import type { Parameters } from "./parameters.ts";

export type V1Page = { readonly offset: number; readonly limit: number };

const defaultLimit = 10;
const limitMax = 2_000;
const offsetMax = 10_000_000;

/** `offset` and `limit` of a list (spec 5.1); or the answer that refuses them. */
export function readPage(parameters: Parameters): V1Page | { readonly refused: object } {
  const limit = whole(parameters["limit"], defaultLimit);
  const offset = whole(parameters["offset"], 0);
  if (limit === null || limit < 1 || limit > limitMax)
    return { refused: businessErrorSaying(7230, "Invalid limit value", `limit is a number from 1 to ${limitMax}`) };
  if (offset === null || offset > offsetMax)
    return { refused: businessErrorSaying(7231, "Invalid offset value", `offset is a number from 0 to ${offsetMax}`) };
  return { offset, limit };
}

/** A list both families of existing clients can read: in `data`, and at the root (spec 5.1). */
export function listAnswer(page: V1Page, total: number, rows: readonly object[], name: "entries" | "results"): object {
  const shown = { offset: page.offset, limit: page.limit, total };
  return { success: true, data: { ...shown, [name]: rows }, results: rows, ...shown };
}

/** A parameter without blanks around it; undefined: absent, which an empty value means too. */
export function present(parameters: Parameters, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = parameters[name]?.trim() ?? "";
    if (value !== "") return value;
  }
  return undefined;
}

/** An id among the parameters: undefined when absent (0 means that too), null when it is no id. */
export function presentId(parameters: Parameters, ...names: readonly string[]): number | null | undefined {
  const text = present(parameters, ...names);
  if (text === undefined || /^0+$/.test(text)) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function whole(text: string | undefined, otherwise: number): number | null {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return otherwise;
  return /^\d{1,9}$/.test(trimmed) ? Number(trimmed) : null;
}
