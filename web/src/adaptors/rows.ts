import type { AdaptorRow, AdaptorSettings, FieldRow, StaticRow } from "../../../src/contracts/adaptor.ts";
import { nothingOdd, questionValue, type Questioned } from "../../../src/contracts/question-value.ts";
import type { FieldInfo } from "../ui/fields.ts";

/** A row of the page: every field has one, mapped or not. `field` null: a static pair. */
export type EditorRow =
  | { readonly id: string; readonly field: FieldInfo; readonly row: FieldRow }
  | { readonly id: string; readonly field: null; readonly row: StaticRow };

/**
 * All rows in one order, which is that in which the vendor receives what is saved. In each section the rows that are
 * saved come first; a field that isn't mapped yet stands below them, and mapping it moves nothing on the page.
 */
export function layRows(saved: readonly AdaptorRow[], fields: readonly FieldInfo[]): EditorRow[] {
  const infos = new Map(fields.map((field) => [idOf(field.section, field.key), field]));
  const rows = saved.map((row, place): EditorRow => {
    if (row.section === "static") return { id: `static.${place}`, field: null, row };
    const id = idOf(row.section, row.field);
    return { id, field: infos.get(id) ?? goneField(row), row };
  });
  const laid = new Set(rows.map(({ id }) => id));
  for (const section of sections) {
    const rest = fields
      .filter((field) => field.section === section && !laid.has(idOf(section, field.key)))
      .map((field): EditorRow => ({ id: idOf(section, field.key), field, row: emptyRow(field) }));
    rows.splice(placeAfter(rows, section), 0, ...rest);
  }
  return rows;
}

const sections = ["lead", "call", "extra", "static"] as const;

/** Behind the section's last row; where there is none, before the first of a later section. */
function placeAfter(rows: readonly EditorRow[], section: (typeof sections)[number]): number {
  const last = rows.findLastIndex(({ row }) => row.section === section);
  if (last >= 0) return last + 1;
  const later = rows.findIndex(({ row }) => sections.indexOf(row.section) > sections.indexOf(section));
  return later < 0 ? rows.length : later;
}

/** The rows that say something, in their order: what is saved. */
export const saidRows = (rows: readonly EditorRow[]): EditorRow[] => rows.filter(({ row }) => saysSomething(row));

/** Whether the row sends something under some name. */
export const isMapped = ({ row }: EditorRow): boolean => row.to.trim() !== "" || row.section === "static";

function saysSomething(row: AdaptorRow): boolean {
  if (row.section === "static") return true;
  return (
    row.to.trim() !== "" ||
    row.default !== "" ||
    row.required ||
    row.type !== "text" ||
    row.value_map.length > 0 ||
    row.date_format !== "" ||
    row.format !== undefined
  );
}

/** The row moved past its neighbour among those that are sent; the same rows when it has none on that side. */
export function moveRow(rows: readonly EditorRow[], id: string, step: -1 | 1): readonly EditorRow[] {
  const sent = rows.filter(isMapped);
  const at = sent.findIndex((row) => row.id === id);
  const row = sent[at];
  const neighbour = sent[at + step];
  if (!row || !neighbour) return rows;
  const rest = rows.filter((other) => other !== row);
  const place = rest.indexOf(neighbour);
  return rest.toSpliced(step === -1 ? place : place + 1, 0, row);
}

/** A new static pair at the end. */
export function addStatic(rows: readonly EditorRow[]): { rows: readonly EditorRow[]; id: string } {
  const used = rows.filter(({ field }) => field === null).map(({ id }) => Number(id.slice("static.".length)));
  const id = `static.${Math.max(-1, ...used) + 1}`;
  const row: StaticRow = { section: "static", to: "", value: "", required: false, type: "text" };
  return { rows: [...rows, { id, field: null, row }], id };
}

/** What differs, by the names on the page. */
export function changedNames(
  saved: AdaptorSettings,
  savedRows: readonly EditorRow[],
  now: AdaptorSettings,
  rows: readonly EditorRow[],
): string[] {
  const names: string[] = [];
  if (saved.name !== now.name) names.push("Name");
  if (saved.active !== now.active) names.push("Active");
  if (saved.leave_out_empty !== now.leave_out_empty) names.push("Leave out empty values");
  const before = new Map(savedRows.map((row) => [row.id, row]));
  const after = new Set(rows.map(({ id }) => id));
  for (const row of rows) {
    const old = before.get(row.id);
    if (old?.row !== row.row && JSON.stringify(old?.row) !== JSON.stringify(row.row)) names.push(labelOf(row));
  }
  for (const row of savedRows) if (!after.has(row.id)) names.push(`${labelOf(row)} (removed)`);
  const order = (list: readonly EditorRow[]) =>
    list.filter((row) => before.has(row.id) && after.has(row.id) && isMapped(row));
  const [oldOrder, newOrder] = [order(savedRows), order(rows)];
  const both = new Set(oldOrder.map(({ id }) => id));
  const kept = newOrder.filter(({ id }) => both.has(id)).map(({ id }) => id);
  const keptSet = new Set(kept);
  if (oldOrder.filter(({ id }) => keptSet.has(id)).some(({ id }, at) => kept[at] !== id)) names.push("Order");
  return names;
}

/** What a row is called in words. The call has fields of the lead's names: they say whose they are. */
export function labelOf({ field, row }: EditorRow): string {
  if (field) return spokenLabel(field);
  return row.to === "" ? "A static pair" : `Static pair ${row.to}`;
}

export const spokenLabel = ({ section, label }: FieldInfo): string => (section === "call" ? `${label} (call)` : label);

/** The row that a problem's or warning's path means (`fields[3].to`, `fields.3.to`), and the part of it. */
export function placeOf(path: string): { index: number; part: string } | null {
  const found = /^(?:adaptor\.)?fields(?:\[|\.)(\d+)\]?(?:\.(\w+))?/.exec(path);
  return found ? { index: Number(found[1]), part: found[2] ?? "" } : null;
}

/** Named like a token, key, pass or secret: taken for a secret unless told otherwise. The server has the last word. */
export const looksSecret = (name: string): boolean =>
  /token|secret|credential|pwd|pass(?!enger|ive|ion|age)|(?<!mon|tur|don|hoc|joc)key(?!word|board|stone|note)/i.test(
    name,
  );

/** What is odd about a secret that was typed into a static pair; nothing about one that is stored. */
export function questionRow({ field, row }: EditorRow): Questioned {
  if (field !== null || !(row.secret ?? looksSecret(row.to)) || row.value.includes("•")) return nothingOdd;
  return questionValue(row.to, row.value);
}

export const idOf = (section: string, key: string): string => `${section}.${key}`;

const emptyRow = ({ section, key }: FieldInfo): FieldRow => ({
  section,
  field: key,
  to: "",
  default: "",
  required: false,
  type: "text",
  value_map: [],
  date_format: "",
});

/** A row may outlive its field. */
const goneField = ({ section, field }: FieldRow): FieldInfo => ({
  section,
  key: field,
  name: field,
  label: field,
  kind: "text",
  system: false,
  personal: false,
  type: null,
  options: [],
});
