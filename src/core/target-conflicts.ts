import { readJsonTarget } from "./json-body.ts";

export type RowTarget = { readonly row: number; readonly target: string };

export type TargetConflict = {
  /** same: the very same name, so the earlier row is not sent; nested: JSON can't hold both. */
  readonly kind: "same" | "nested";
  readonly earlier: RowTarget;
  readonly later: RowTarget;
};

/** Targets that two rows claim. One that ends in `[]` may occur more than once. */
export function targetConflicts(targets: readonly RowTarget[]): TargetConflict[] {
  const conflicts: TargetConflict[] = [];
  const byTarget = new Map<string, RowTarget>();
  const byPath = new Map<string, RowTarget & { list: boolean }>();
  const inside = new Map<string, RowTarget>();
  for (const later of targets) {
    const { keys, list } = readJsonTarget(later.target);
    const same = list ? undefined : byTarget.get(later.target);
    if (same && same.row !== later.row) conflicts.push({ kind: "same", earlier: same, later });
    byTarget.set(later.target, later);

    const paths = keys.map((_, depth) => JSON.stringify(keys.slice(0, depth + 1)));
    const own = paths.pop() ?? "";
    const leaf = byPath.get(own);
    const earlier =
      paths.map((path) => byPath.get(path)).find((above) => above !== undefined) ??
      inside.get(own) ??
      (leaf && leaf.list !== list ? leaf : undefined);
    if (earlier) conflicts.push({ kind: "nested", earlier, later });
    byPath.set(own, { ...later, list });
    for (const path of paths) inside.set(path, later);
  }
  return conflicts;
}

/** What the page says beside the later row. */
export function conflictMessage({ kind, earlier, later }: TargetConflict, label: (row: number) => string): string {
  if (kind === "same") return `${label(earlier.row)} has the same target, ${later.target}. This later row wins`;
  return `In JSON, ${later.target} and ${earlier.target} (${label(earlier.row)}) can't both stand. This later row wins`;
}
