import { Fragment } from "react";
import type { z } from "zod";
import type { AuditEntry as Entry } from "../../../src/contracts/endpoints/access.ts";
import { settingNames } from "../ui/setting-names.ts";
import { asObject, valueText } from "../ui/value-words.ts";

type AuditEntry = z.output<typeof Entry>;

/** What a change changed, setting by setting. A thing that was added or deleted shows all of it. */
export function AuditDiff({
  entry: { action, before, after, replaced_secrets: replaced },
}: {
  entry: Pick<AuditEntry, "action" | "before" | "after" | "replaced_secrets">;
}) {
  const rows = changedRows(asObject(before), asObject(after));
  return (
    <>
      {replaced.map((path) => (
        <div key={path} className="replaced">
          <b style={{ fontWeight: 550 }}>{secretWords(path)}</b> was replaced. Secrets are never shown.
        </div>
      ))}
      {rows.length > 0 && <Rows before={before} after={after} rows={rows} />}
      {rows.length === 0 && replaced.length === 0 && (
        <span className="dim">
          {action === "reset password"
            ? "The password was set anew. It is never shown."
            : "A secret was replaced. Which one was not written down then."}
        </span>
      )}
    </>
  );
}

/** `authorization_header` is Authorization Header; `static.api_token` an adaptor's pair; `smtp.password` the mail server's. */
function secretWords(path: string): string {
  if (path.startsWith("static.")) return `The value of ${path.slice("static.".length)}`;
  if (path === "smtp.password") return "The mail server’s password";
  return path in settingNames ? settingNames[path as keyof typeof settingNames] : path;
}

function Rows({ before, after, rows }: { before: unknown; after: unknown; rows: ReturnType<typeof changedRows> }) {
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
