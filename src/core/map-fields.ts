import type { FieldRow } from "../contracts/adaptor.ts";
import type { Warning } from "../contracts/connect.ts";
import type { CustomField, Section, SectionField, Snapshot } from "../contracts/fields.ts";
import { limits } from "../contracts/limits.ts";
import type { TraceRow } from "../contracts/preview.ts";
import { fieldIndex, snapshotValue, valueText } from "./field-index.ts";
import { fillPlacesWithin } from "./fill-places.ts";
import { jsonValue } from "./json-body.ts";
import { rowTooLarge, type TooLarge } from "./payload-limit.ts";
import type { MappedPair } from "./request.ts";
import { splitTargets, type StoredAdaptor } from "./stored-adaptor.ts";
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
  /** The row with which the values became too large to be sent; then nothing is mapped. null: all of them fit. */
  readonly tooLarge: TooLarge | null;
};

/** An adaptor with no rows: what a connect without one maps. */
export const nothingMapped: MappedFields = { pairs: [], trace: [], warnings: [], missing: [], tooLarge: null };

/**
 * Spec 2, Row: an event's values under the vendor's names. It ends at the row with which they are longer than a payload may
 * be, each counted once; how often and in which encoding they are sent, freezing counts.
 */
export function mapFields(adaptor: StoredAdaptor, snapshot: Snapshot, context: MapContext): MappedFields {
  const leaveOutEmpty = adaptor.leave_out_empty || context.forIntegrator === true;
  const writer = rowWriter(snapshot, context);
  const rows: WrittenRow[] = [];
  for (const [index, row] of adaptor.fields.entries()) {
    const begun = writer.begin(row);
    // what is not sent is written for the trace alone
    const text = begun.targets.length === 0 ? [] : writer.write(row, begun.notes);
    if (text === null) return { ...nothingMapped, tooLarge: rowTooLarge(index, row.section, begun.label) };
    rows.push({ ...begun, text });
  }
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
      return row
        ? [{ row: index, section: row.section, field: row.field, target, value: row.text, type: row.type }]
        : [];
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
      const unsent = rowWriter(snapshot, context);
      return rows.map((row, index) => {
        const notes = [...row.notes];
        const text = row.targets.length > 0 ? row.text : unsent.write(adaptor.fields[index]!, notes);
        if (text === null) notes.push("too long to be shown");
        return {
          section: row.section,
          field: row.field,
          label: row.label,
          to: sentAs.get(index)?.join(", ") ?? null,
          value: maskText(text ?? []),
          note: notes.join("; "),
        };
      });
    },
    warnings,
    missing,
    tooLarge: null,
  };
}

/** What these rows make of the values, without a word about the rest: for finding it where it was sent. */
export function writtenTexts(rows: StoredAdaptor["fields"], snapshot: Snapshot, context: MapContext): string[] {
  const writer = rowWriter(snapshot, context);
  return rows.map((row) => maskText(writer.write(row, []) ?? []));
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

type Row = StoredAdaptor["fields"][number];

/** Writes rows of one snapshot; all their texts together may be as long as a payload. */
function rowWriter(snapshot: Snapshot, context: MapContext) {
  const placeOf = placeFiller(snapshot, context.customFields, context);
  const phoneCode = phoneCodeOf(snapshot);
  const fieldOf = fieldIndex(context.customFields);
  let left: number = limits.payloadBytesMax;
  const take = (text: string | null): string | null => {
    if (text === null || text.length > left) return null;
    left -= text.length;
    return text;
  };
  return {
    /** All of it but its text. */
    begin: (row: Row): Omit<WrittenRow, "text"> => {
      const { section, type, required } = row;
      const shared = { section, type, required, targets: splitTargets(row.to) };
      if (row.section === "static")
        return { ...shared, field: row.to, label: row.to, notes: hasSecrets(row.value) ? ["secret"] : [] };
      const known = fieldOf(row.section, row.field);
      const notes: string[] = known ? [] : ["this field is no longer there"];
      if (context.sampleCall && section === "call") notes.push("a sample: this lead has no call yet");
      return { ...shared, field: known?.key ?? row.field, label: known?.label ?? row.field, notes };
    },
    /** null: it does not fit any more. */
    write: (row: Row, notes: string[]): Text | null => {
      if (row.section !== "static") {
        const field = fieldOf(row.section, row.field) ?? unknownField(row);
        const text = take(writeValue(row, field, snapshot, context, phoneCode, notes));
        return text === null ? null : joinText([text]);
      }
      const parts: Text[number][] = [];
      for (const part of row.value) {
        const filled =
          typeof part === "string" ? take(fillPlacesWithin(part, left, ({ name }) => placeOf(name))) : part;
        if (filled === null) return null;
        parts.push(filled);
      }
      return joinText(parts);
    },
  };
}

const unknownField = ({ section, field }: FieldRow): SectionField => ({
  section,
  key: field,
  name: field,
  label: field,
  kind: "text",
});

function writeValue(
  row: FieldRow,
  field: SectionField,
  snapshot: Snapshot,
  context: MapContext,
  phoneCode: string,
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
  const written = writeField(field, value, row, context, phoneCode);
  if (written.note !== "") notes.push(written.note);
  return written.text;
}
