import { Fragment } from "react";

/** What a change changed, setting by setting. A thing that was added or deleted shows all of it. */
export function AuditDiff({ before, after }: { before: unknown; after: unknown }) {
  const rows = changedRows(asObject(before), asObject(after));
  if (rows.length === 0) return <span className="dim">Nothing that is shown here changed.</span>;
  const added = before === null || before === undefined;
  const gone = after === null || after === undefined;
  return (
    <dl className={added || gone ? "diff one" : "diff"}>
      {!added && !gone && (
        <>
          <div className="diffhead">Setting</div>
          <div className="diffhead">Before</div>
          <div className="diffhead">After</div>
        </>
      )}
      {rows.map(([name, was, is]) => (
        <Fragment key={name}>
          <dt>{nameWords(name)}</dt>
          {!added && <dd className="t2">{valueText(was)}</dd>}
          {!gone && <dd>{valueText(is)}</dd>}
        </Fragment>
      ))}
    </dl>
  );
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

function changedRows(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): (readonly [name: string, before: unknown, after: unknown])[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Array.from(names)
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .flatMap((name): (readonly [string, unknown, unknown])[] =>
      isRows(before[name]) || isRows(after[name])
        ? changedItems(name, before[name], after[name])
        : [[name, before[name], after[name]]],
    );
}

const isRows = (value: unknown): value is readonly object[] =>
  Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null);

/** An adaptor has dozens of rows: only those that differ are shown. */
function changedItems(name: string, before: unknown, after: unknown): (readonly [string, unknown, unknown])[] {
  const [was, is] = [itemsByName(name, before), itemsByName(name, after)];
  const names = new Set([...was.keys(), ...is.keys()]);
  const changed = Array.from(names)
    .filter((item) => JSON.stringify(was.get(item)) !== JSON.stringify(is.get(item)))
    .map((item) => [item, was.get(item), is.get(item)] as const);
  return changed.length > 0 ? changed : [[`${name}, order`, [...was.keys()].join(", "), [...is.keys()].join(", ")]];
}

function itemsByName(name: string, value: unknown): Map<string, unknown> {
  const items = Array.isArray(value) ? value : [];
  return new Map(
    items.map((item, place) => {
      const { section, field, to } = asObject(item) as { section?: string; field?: string; to?: string };
      return [section === undefined ? `${name} ${place + 1}` : `${section}.${field ?? to}`, item];
    }),
  );
}

const nameWords = (name: string): string => (name.includes(".") ? name : name.replaceAll("_", " "));

function valueText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join(", ") || "–";
  const said = Object.entries(asObject(value)).filter(
    ([key, part]) =>
      !["section", "field"].includes(key) &&
      JSON.stringify(part) !== "[]" &&
      part !== "" &&
      !(key === "type" && part === "text") &&
      part !== false,
  );
  return said
    .map(([key, part]) => `${key.replaceAll("_", " ")}: ${typeof part === "string" ? part : JSON.stringify(part)}`)
    .join("\n");
}
