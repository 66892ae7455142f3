import type { FieldRow } from "../contracts/adaptor.ts";
import type { Warning } from "../contracts/connect.ts";
import type { CustomField, Section, SectionField, Snapshot } from "../contracts/fields.ts";
import type { TraceRow } from "../contracts/preview.ts";
import { fieldIndex, snapshotValue, valueText } from "./field-index.ts";
import { fillPlaces } from "./fill-places.ts";
import { jsonValue } from "./json-body.ts";
import type { MappedPair } from "./request.ts";
import { splitTargets, type StoredAdaptor, type StoredStaticRow } from "./stored-adaptor.ts";
import { conflictMessage, targetConflicts, type RowTarget, type TargetConflict } from "./target-conflicts.ts";
import { hasSecrets, joinText, maskText, type Text } from "./text.ts";
import { phoneCodeOf, placeFiller, writeField, type WriteContext } from "./write-field.ts";

export type MapContext = WriteContext & {
  readonly customFields: readonly CustomField[];
  /** Integrators leave empty values out: at some vendors an empty text clears what they have. */
  readonly forIntegrator?: boolean;
  /** The snapshot's call is made up (core/sample-snapshot.ts), and the trace says so. */
  readonly sampleCall?: boolean;
};

export type MappedFields = {
  /** In the adaptor's order; of two with one target only the later. */
  readonly pairs: readonly MappedPair[];
  /** One for each row, in order. */
  readonly trace: readonly TraceRow[];
  /** By path in the adaptor: `fields[3].to`. */
  readonly warnings: readonly Warning[];
  /** Required rows that ended up empty. */
  readonly missing: readonly { readonly section: Section; readonly field: string; readonly label: string }[];
};

/** An adaptor with no rows: what a connect without one maps. */
export const nothingMapped: MappedFields = { pairs: [], trace: [], warnings: [], missing: [] };

/** Spec 2, Row: an event's values under the vendor's names. */
export function mapFields(adaptor: StoredAdaptor, snapshot: Snapshot, context: MapContext): MappedFields {
  const leaveOutEmpty = adaptor.leave_out_empty || context.forIntegrator === true;
  const rows = adaptor.fields.map((row) => writeRow(row, snapshot, context));
  const warnings: Warning[] = [];
  const missing: MappedFields["missing"][number][] = [];

  const sent = rows.flatMap((row, index) => {
    const empty = row.text.length === 0;
    if (empty && row.required && row.targets.length > 0) {
      missing.push({ section: row.section, field: row.field, label: row.label });
      row.notes.push("required, and empty");
    }
    if (empty && leaveOutEmpty) {
      if (row.targets.length > 0) row.notes.push("empty: left out");
      return [];
    }
    return Array.from(new Set(row.targets), (target) => ({ row: index, target }));
  });

  const lost = new Set<string>();
  const conflicts = leaveOutEmpty ? targetConflicts(sent) : conflictsOfAll(adaptor, sent);
  for (const conflict of conflicts) {
    if (conflict.kind === "same") {
      lost.add(keyOf(conflict.earlier));
      rows[conflict.earlier.row]?.notes.push(`${conflict.later.target}: a later row wins`);
    }
    warnings.push({
      path: `fields[${conflict.later.row}].to`,
      message: conflictMessage(conflict, (row) => rows[row]?.label ?? ""),
    });
  }

  const pairs = sent
    .filter((target) => lost.size === 0 || !lost.has(keyOf(target)))
    .flatMap(({ row: index, target }): MappedPair[] => {
      const row = rows[index];
      return row ? [{ section: row.section, field: row.field, target, value: row.text, type: row.type }] : [];
    });
  const sentAs = new Map<number, string[]>();
  for (const target of sent)
    if (!lost.has(keyOf(target))) sentAs.set(target.row, [...(sentAs.get(target.row) ?? []), target.target]);

  rows.forEach((row, index) => {
    if (row.type === "text" || !sentAs.has(index) || jsonValue(row.text, row.type).turned) return;
    const message = row.text.length === 0 ? `empty, so JSON sends ""` : `no ${row.type}: JSON sends it as text`;
    row.notes.push(message);
    if (row.text.length > 0)
      warnings.push({ path: `fields[${index}].type`, message: `"${maskText(row.text)}" is ${message}` });
  });

  return {
    pairs,
    // only people look at it
    get trace() {
      return rows.map((row, index) => ({
        section: row.section,
        field: row.field,
        label: row.label,
        to: sentAs.get(index)?.join(", ") ?? null,
        value: maskText(row.text),
        note: row.notes.join("; "),
      }));
    },
    warnings,
    missing,
  };
}

const ofAll = new WeakMap<StoredAdaptor["fields"], readonly TargetConflict[]>();

/** Where nothing is left out, an adaptor's targets are the same whatever the values: they are compared once. */
function conflictsOfAll({ fields }: StoredAdaptor, sent: readonly RowTarget[]): readonly TargetConflict[] {
  const known = ofAll.get(fields) ?? targetConflicts(sent);
  ofAll.set(fields, known);
  return known;
}

const keyOf = ({ row, target }: RowTarget): string => `${row} ${target}`;

type WrittenRow = {
  readonly section: Section;
  readonly field: string;
  readonly label: string;
  readonly targets: readonly string[];
  /** Empty: nothing to say. */
  readonly text: Text;
  readonly type: MappedPair["type"];
  readonly required: boolean;
  readonly notes: string[];
};

function writeRow(row: FieldRow | StoredStaticRow, snapshot: Snapshot, context: MapContext): WrittenRow {
  const targets = splitTargets(row.to);
  const shared = { section: row.section, targets, type: row.type, required: row.required };
  if (row.section === "static") {
    const text = joinText(row.value.map((part) => (typeof part === "string" ? fill(part, snapshot, context) : part)));
    return { ...shared, field: row.to, label: row.to, text, notes: hasSecrets(text) ? ["secret"] : [] };
  }
  const known = fieldIndex(context.customFields)(row.section, row.field);
  const notes: string[] = known ? [] : ["this field is no longer there"];
  if (context.sampleCall && row.section === "call") notes.push("a sample: this lead has no call yet");
  const field = known ?? { section: row.section, key: row.field, name: row.field, label: row.field, kind: "text" };
  const text = writeValue(row, field, snapshot, context, notes);
  return { ...shared, field: field.key, label: field.label, text: joinText([text]), notes };
}

function writeValue(
  row: FieldRow,
  field: SectionField,
  snapshot: Snapshot,
  context: MapContext,
  notes: string[],
): string {
  const value = snapshotValue(snapshot, field.section, field.key);
  const text = valueText(value);
  if (text === "") {
    if (row.default === "" || field.system) return "";
    notes.push("empty: the default value");
    return row.default;
  }
  const replaced = row.value_map.find(([ours]) => ours === text);
  if (replaced) {
    notes.push(`value map: ${text}`);
    return replaced[1];
  }
  const written = writeField(field, value, row, context, phoneCodeOf(snapshot));
  if (written.note !== "") notes.push(written.note);
  return written.text;
}

function fill(text: string, snapshot: Snapshot, context: MapContext): string {
  const value = placeFiller(snapshot, context.customFields, context);
  return fillPlaces(text, ({ name }) => value(name));
}
