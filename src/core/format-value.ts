import type { formats } from "../contracts/adaptor.ts";
import { readPhone } from "./normalize-phone.ts";

export type Format = (typeof formats)[number];

/**
 * Writes a value in a row's format (spec 2, Format).
 * @param phoneCode the country's calling code of a phone, default 1.
 * @returns null when the value can't be written that way; the caller sends it as it is and says so.
 */
export function formatValue(value: string, format: Exclude<Format, "hubspot_date">, phoneCode?: string): string | null {
  return writers[format](value, phoneCode);
}

const writers: Record<Exclude<Format, "hubspot_date">, (value: string, phoneCode?: string) => string | null> = {
  digits: (value) => value.replace(/\D/g, "") || null,
  e164: (value, code) => formatPhone(value, "e164", code),
  national: (value, code) => formatPhone(value, "national", code),
  dashed: (value, code) => formatPhone(value, "dashed", code),
  as_is: (value) => value,
  upper: (value) => value.toUpperCase(),
  lower: (value) => value.toLowerCase(),
  title: titleCase,
  true_false: (value) => formatBoolean(value, "true_false"),
  "1_0": (value) => formatBoolean(value, "1_0"),
  Y_N: (value) => formatBoolean(value, "Y_N"),
  yes_no: (value) => formatBoolean(value, "yes_no"),
};

const booleans = { true_false: ["true", "false"], "1_0": ["1", "0"], Y_N: ["Y", "N"], yes_no: ["yes", "no"] } as const;
const truths: Record<string, boolean> = {
  true: true, t: true, "1": true, yes: true, y: true, on: true,
  false: false, f: false, "0": false, no: false, n: false, off: false,
}; // prettier-ignore

/** What people and systems write for yes and no, in any case; null for anything else. */
export function readBoolean(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  return Object.hasOwn(truths, word) ? (truths[word] ?? null) : null;
}

function formatBoolean(value: string, format: keyof typeof booleans): string | null {
  const truth = readBoolean(value);
  return truth === null ? null : booleans[format][truth ? 0 : 1];
}

/** `MARY ANN O'BRIEN-SMITH` → `Mary Ann O'Brien-Smith`, but `don't` → `Don't`. */
function titleCase(value: string): string {
  return value
    .toLowerCase()
    .replace(/(^|[^\p{L}\p{N}\p{M}'’])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
    .replace(
      /(?<![\p{L}\p{N}])([OD]['’])(\p{L})/gu,
      (_, prefix: string, letter: string) => prefix + letter.toUpperCase(),
    );
}

const northAmerican = /^[2-9]\d{9}$/;

function formatPhone(value: string, format: "e164" | "national" | "dashed", phoneCode?: string): string | null {
  // most of them; the numbering plan's own rule needs no library: ten digits, the first from 2 to 9
  if (format === "e164" && (phoneCode === "1" || phoneCode === undefined) && northAmerican.test(value))
    return `+1${value}`;
  const phone = readPhone(value, phoneCode);
  if (!phone?.isPossible()) return null;
  if (format === "e164") return phone.number;
  const national = phone.formatNational();
  return format === "national" ? national : national.replace(/[^\d]+/g, "-").replace(/^-|-$/g, "");
}
