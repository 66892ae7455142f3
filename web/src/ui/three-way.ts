/**
 * Two people changed one thing: what each of them changed since the state that both began with, place by place, and the
 * thing that their choices make.
 */

type Thing = Readonly<Record<string, unknown>>;

/**
 * How an array is compared: by rows that keep their identity wherever they stand, or by their positions while nobody added
 * or took away one. An array without a rule is one value.
 */
export type RowRules = Readonly<Record<string, "position" | ((row: never) => string)>>;

export type Side = "mine" | "theirs";

/** A place that somebody changed. */
export type ChangedPlace = {
  /** `delimiter`; of a row `fields lead.email`; `fields order`. */
  readonly path: string;
  readonly key: string;
  /** Of a row: its identity, or its position. */
  readonly row: string | null;
  /** undefined: it is not there. */
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
  /** `both`: differently. What both changed alike is no place at all. */
  readonly changed: Side | "both";
};

/**
 * Every place where mine or theirs is no longer what it was, in the order of the keys.
 * @param replaced places that they changed though they look the same, as secrets do, by path.
 */
export function changedPlaces(
  base: object,
  mine: object,
  theirs: object,
  rules: RowRules = {},
  replaced: ReadonlySet<string> = new Set(),
): ChangedPlace[] {
  const keys = [...new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)])];
  return keys.flatMap((key) => {
    const rule = rules[key];
    const sides = [(base as Thing)[key], (mine as Thing)[key], (theirs as Thing)[key]] as const;
    const parts = rule === undefined ? null : partsOf(rule, sides);
    if (parts === null) return placeOf(key, key, null, sides, replaced);
    const rows = parts.ids.flatMap((id) =>
      placeOf(`${key} ${id}`, key, id, parts.sides.map((side) => side.get(id)) as unknown as Three, replaced),
    );
    return [...rows, ...orderOf(key, parts.sides)];
  });
}

/** The thing with every place as it was chosen; a place without a choice is as whoever changed it alone has it, else mine. */
export function withChoices<T extends object>(
  mine: T,
  theirs: T,
  places: readonly ChangedPlace[],
  choices: Readonly<Record<string, Side>>,
  rules: RowRules = {},
): T {
  const made: Record<string, unknown> = { ...(theirs as Thing) };
  const sideOf = ({ path, changed }: ChangedPlace): Side => choices[path] ?? (changed === "both" ? "mine" : changed);
  for (const place of places) if (place.row === null) made[place.key] = place[sideOf(place)];
  for (const key of new Set(places.filter(({ row }) => row !== null).map((place) => place.key))) {
    const rule = rules[key]!;
    const sides = [(mine as Thing)[key], (theirs as Thing)[key]].map((rows) => byId(rule, rows));
    const [ofMine, ofTheirs] = sides as [Rows, Rows];
    const rows = new Map(ofTheirs);
    for (const place of places.filter((one) => one.key === key && one.row !== null && one.row !== order)) {
      const row = place[sideOf(place)];
      if (row === undefined) rows.delete(place.row!);
      else rows.set(place.row!, row);
    }
    const ordered = places.find((one) => one.key === key && one.row === order);
    const isMine = ordered !== undefined && sideOf(ordered) === "mine";
    made[key] = inOrder(rows, isMine ? ofMine : ofTheirs, isMine ? ofTheirs : ofMine);
  }
  return made as T;
}

const order = "order";
type Three = readonly [base: unknown, mine: unknown, theirs: unknown];
type Rows = ReadonlyMap<string, unknown>;

function placeOf(
  path: string,
  key: string,
  row: string | null,
  [base, mine, theirs]: Three,
  replaced: ReadonlySet<string>,
): ChangedPlace[] {
  const isMine = !same(base, mine);
  const isTheirs = !same(base, theirs) || replaced.has(row ?? key);
  if ((!isMine && !isTheirs) || (isMine && isTheirs && same(mine, theirs) && !replaced.has(row ?? key))) return [];
  return [{ path, key, row, base, mine, theirs, changed: isMine && isTheirs ? "both" : isMine ? "mine" : "theirs" }];
}

/** null: the rows can't be told apart by the rule, so that the array is one value. */
function partsOf(rule: RowRules[string], sides: Three): { ids: string[]; sides: readonly [Rows, Rows, Rows] } | null {
  if (!sides.every(Array.isArray)) return null;
  const arrays = sides as readonly unknown[][];
  if (rule === "position" && arrays.some(({ length }) => length !== arrays[0]!.length)) return null;
  const maps = arrays.map((rows) => byId(rule, rows)) as [Rows, Rows, Rows];
  return { ids: [...new Set(maps.flatMap((rows) => [...rows.keys()]))], sides: maps };
}

/** Of several rows with one identity the second is `id#2`. */
function byId(rule: RowRules[string], rows: unknown): Rows {
  const found = new Map<string, unknown>();
  for (const [at, row] of (Array.isArray(rows) ? (rows as unknown[]) : []).entries()) {
    const id = rule === "position" ? String(at) : rule(row as never);
    let free = id;
    for (let n = 2; found.has(free); n++) free = `${id}#${n}`;
    found.set(free, row);
  }
  return found;
}

/** The order of the rows that all three have. */
function orderOf(key: string, sides: readonly [Rows, Rows, Rows]): ChangedPlace[] {
  const everywhere = (id: string): boolean => sides.every((rows) => rows.has(id));
  const [base, mine, theirs] = sides.map((rows) => [...rows.keys()].filter(everywhere)) as [
    string[],
    string[],
    string[],
  ];
  return placeOf(`${key} ${order}`, key, order, [base, mine, theirs], new Set());
}

/** Rows in the order of one side; what only the other has follows what it follows there. */
function inOrder(rows: Rows, leads: Rows, other: Rows): unknown[] {
  const ids = [...leads.keys()].filter((id) => rows.has(id));
  const others = [...other.keys(), ...rows.keys()];
  others.forEach((id, at) => {
    if (!rows.has(id) || ids.includes(id)) return;
    const before = others.slice(0, at).findLast((earlier) => ids.includes(earlier));
    ids.splice(before === undefined ? 0 : ids.indexOf(before) + 1, 0, id);
  });
  return ids.map((id) => rows.get(id));
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** Keys in one order: the same object may have been written in another. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
