import type { AdaptorRow, AdaptorSettings, FieldRow, StaticRow } from "../contracts/adaptor.ts";
import type { Warning } from "../contracts/connect.ts";
import { questionValue } from "../contracts/question-value.ts";
import type { CustomField } from "../contracts/fields.ts";
import type { ProblemPlace } from "../contracts/problem.ts";
import { checkDatePattern } from "./date-pattern.ts";
import { fieldIndex, type FieldIndex } from "./field-index.ts";
import { settlePlaces, unknownPlaces } from "./fill-places.ts";
import { createSecretSealer, isSecretName, type SecretSealer, type StoredSecrets } from "./seal-secrets.ts";
import { splitTargets, type StoredAdaptor, type StoredStaticRow } from "./stored-adaptor.ts";
import { conflictMessage, targetConflicts } from "./target-conflicts.ts";

export type SealedAdaptor =
  | {
      readonly ok: true;
      readonly stored: StoredAdaptor;
      /** The adaptor as everybody may see it. Given back unchanged, it seals to the same. */
      readonly shown: AdaptorSettings;
      readonly secrets: Readonly<Record<string, string>>;
      readonly warnings: readonly Warning[];
    }
  | { readonly ok: false; readonly problems: readonly ProblemPlace[] };

/**
 * Takes an adaptor apart once, at saving: custom fields by their permanent keys, static secrets as named places.
 * @param previous what is stored: a mask typed back keeps the secret of the row with the same target.
 */
export function sealAdaptor(
  input: AdaptorSettings,
  previous: StoredSecrets | null,
  customFields: readonly CustomField[],
): SealedAdaptor {
  const problems: ProblemPlace[] = [];
  const fields = fieldIndex(customFields);
  const sealer = createSecretSealer(previous, problems);
  const rowOfField = new Map<string, number>();

  const warnings: Warning[] = [];
  const rows = input.fields.map((row, index): { stored: FieldRow | StoredStaticRow; shown: AdaptorRow } => {
    if (row.section === "static") return sealStatic(row, `fields[${index}]`, fields, sealer, problems, warnings);
    const settled = settleField(row, `fields[${index}]`, fields, problems);
    const key = `${settled.section}.${settled.field}`;
    const earlier = rowOfField.get(key);
    if (earlier === undefined) rowOfField.set(key, index);
    else
      problems.push({
        path: `fields[${index}].field`,
        message: `${row.field} is in row ${earlier + 1} already. Write both names there, parted by a comma`,
      });
    return { stored: settled, shown: settled };
  });
  if (problems.length > 0) return { ok: false, problems };

  const targets = input.fields.flatMap(({ to }, row) => splitTargets(to).map((target) => ({ row, target })));
  const label = (index: number): string => {
    const row = input.fields[index];
    if (!row || row.section === "static") return `The static pair in row ${index + 1}`;
    return fields(row.section, row.field)?.label ?? row.field;
  };
  return {
    ok: true,
    stored: { ...input, fields: rows.map(({ stored }) => stored) },
    shown: { ...input, fields: rows.map(({ shown }) => shown) },
    secrets: sealer.secrets(),
    warnings: [
      ...targetConflicts(targets).map((conflict) => ({
        path: `fields[${conflict.later.row}].to`,
        message: conflictMessage(conflict, label),
      })),
      ...warnings,
    ],
  };
}

function settleField(row: FieldRow, path: string, fields: FieldIndex, problems: ProblemPlace[]): FieldRow {
  const known = fields(row.section, row.field);
  if (!known)
    problems.push({ path: `${path}.field`, message: `"${row.field}" is no field of the section ${row.section}` });
  if (known?.system && row.default !== "")
    problems.push({
      path: `${path}.default`,
      message: `${known.label} is kept by the system and takes no default value`,
    });
  const pattern = checkDatePattern(row.date_format);
  if (!pattern.ok)
    problems.push({
      path: `${path}.date_format`,
      message: `The letter ${pattern.letter} at character ${pattern.position} has no meaning. Write \\${pattern.letter} to have it as it is`,
    });
  return { ...row, field: known?.key ?? row.field };
}

function sealStatic(
  row: StaticRow,
  path: string,
  fields: FieldIndex,
  sealer: SecretSealer,
  problems: ProblemPlace[],
  warnings: Warning[],
): { stored: StoredStaticRow; shown: StaticRow } {
  for (const { name, position } of unknownPlaces(row.value, fields))
    problems.push({
      path: `${path}.value`,
      message: `{${name}} at character ${position} is no field of this account`,
    });
  const value = settlePlaces(row.value, fields);
  if (!(row.secret ?? isSecretName(row.to))) {
    if (value.includes("••••"))
      problems.push({ path: `${path}.value`, message: "•••••••• stands for a stored secret: type the value again" });
    return { stored: { ...row, value: value === "" ? [] : [value] }, shown: { ...row, value } };
  }
  for (const message of questionValue(row.to, row.value).questions) warnings.push({ path: `${path}.value`, message });
  const sealed = sealer.seal({
    path: `${path}.value`,
    name: `static.${row.to}`,
    label: row.to === "" ? "the static value" : `"${row.to}"`,
    text: value,
    places: true,
  });
  return { stored: { ...row, value: sealed.text }, shown: { ...row, value: sealed.shown } };
}
