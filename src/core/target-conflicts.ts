import { readJsonTarget } from "./json-body.ts";

export type RowTarget = { readonly row: number; readonly target: string };

export type TargetConflict = {
  /** same: the very same name, so the earlier row is not sent; nested: JSON can't hold both. */
  readonly kind: "same" | "nested";
  readonly earlier: RowTarget;
  readonly later: RowTarget;
};

/** A place in the JSON that the targets make. */
type Spot = {
  readonly number: number;
  leaf: RowTarget | null;
  /** Of its leaf. */
  list: boolean;
  /** The last target that goes on below. */
  inside: RowTarget | null;
};

/** Targets that two rows claim. One that ends in `[]` may occur more than once. */
export function targetConflicts(targets: readonly RowTarget[]): TargetConflict[] {
  const conflicts: TargetConflict[] = [];
  const byTarget = new Map<string, RowTarget>();
  const spots = new Map<string, Spot>();
  const spotBelow = (above: number, key: string): Spot => {
    const name = `${above}.${key}`;
    const known = spots.get(name);
    if (known !== undefined) return known;
    const fresh = { number: spots.size + 1, leaf: null, list: false, inside: null };
    spots.set(name, fresh);
    return fresh;
  };
  for (const later of targets) {
    const { keys, list } = readJsonTarget(later.target);
    const same = list ? undefined : byTarget.get(later.target);
    if (same && same.row !== later.row) conflicts.push({ kind: "same", earlier: same, later });
    byTarget.set(later.target, later);

    let spot = spotBelow(0, keys[0] ?? "");
    let above: RowTarget | null = null;
    for (const key of keys.slice(1)) {
      above ??= spot.leaf;
      spot.inside = later;
      spot = spotBelow(spot.number, key);
    }
    const earlier = above ?? spot.inside ?? (spot.list === list ? null : spot.leaf);
    if (earlier) conflicts.push({ kind: "nested", earlier, later });
    spot.leaf = later;
    spot.list = list;
  }
  return conflicts;
}

/** What the page says beside the later row. */
export function conflictMessage({ kind, earlier, later }: TargetConflict, label: (row: number) => string): string {
  if (kind === "same") return `${label(earlier.row)} has the same target, ${later.target}. This later row wins`;
  return `In JSON, ${later.target} and ${earlier.target} (${label(earlier.row)}) can't both stand. This later row wins`;
}
