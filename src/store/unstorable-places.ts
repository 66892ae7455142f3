import type { ProblemPlace } from "../contracts/problem.ts";
import { writePath } from "../core/name-places.ts";
import { storableText, unstorable } from "./storable.ts";

/** Where a parsed input holds text that can't be kept. Its depth is its schema's, so it is never deep. */
export function unstorablePlaces(value: unknown, path: readonly PropertyKey[] = []): ProblemPlace[] {
  if (typeof value === "string") {
    const trouble = unstorable(value);
    return trouble === null ? [] : [{ path: writePath(path), message: `this holds ${trouble}. Delete it` }];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => unstorablePlaces(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = [...path, storableText(name)];
    return [...unstorablePlaces(name, here), ...unstorablePlaces(inner, here)];
  });
}
