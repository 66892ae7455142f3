import type { SectionField } from "../contracts/fields.ts";
import type { FieldIndex, ValueSection } from "./field-index.ts";
import { remembered } from "./remembered.ts";

/**
 * A place in a text that a field's value fills: `{lead.first_name}`, `{lead.alt_phone_1|lead.phone_number}` (the first
 * that is not empty). Other braces are text.
 */
export type Place = {
  /** As written, without braces. */
  readonly name: string;
  /** Of the opening brace, in UTF-16 units from 0. */
  readonly start: number;
  readonly end: number;
  readonly alternatives: readonly { readonly section: ValueSection; readonly field: string }[];
};

const pattern = /\{((?:lead|call|extra)\.[a-z0-9_]+(?:\|(?:lead|call|extra)\.[a-z0-9_]+)*)\}/gi;

/** The places of a text, in order; whether their fields exist is not asked. */
export function findPlaces(text: string): Place[] {
  if (!text.includes("{")) return [];
  return Array.from(text.matchAll(pattern), (match): Place => {
    const name = match[1] ?? "";
    return { name, start: match.index, end: match.index + match[0].length, alternatives: readAlternatives(name) };
  });
}

/** The fields that a place's name lists: `lead.alt_phone_1|lead.phone_number`. */
export const readAlternatives = remembered((name: string): Place["alternatives"] =>
  name.split("|").map((alternative) => {
    const dot = alternative.indexOf(".");
    // Checked by the pattern above; a name from elsewhere with another section finds no field.
    return { section: alternative.slice(0, dot).toLowerCase() as ValueSection, field: alternative.slice(dot + 1) };
  }),
);

/**
 * The text with every place filled.
 * @param value of a place by its name as written.
 * @param literal what becomes of the text between places, such as an encoding.
 */
export function fillPlaces(
  text: string,
  value: (place: Place) => string,
  literal: (text: string) => string = (between) => between,
): string {
  return fillPlacesWithin(text, Infinity, value, literal) ?? "";
}

/** The same; null as soon as it is longer than so many UTF-16 units. */
export function fillPlacesWithin(
  text: string,
  lengthMax: number,
  value: (place: Place) => string,
  literal: (text: string) => string = (between) => between,
): string | null {
  let filled = "";
  let from = 0;
  for (const place of findPlaces(text)) {
    filled += literal(text.slice(from, place.start)) + value(place);
    if (filled.length > lengthMax) return null;
    from = place.end;
  }
  filled += literal(text.slice(from));
  return filled.length > lengthMax ? null : filled;
}

/** The first of the place's fields that is not empty, as `valueOf` writes it. */
export function placeValue(
  alternatives: Place["alternatives"],
  fields: FieldIndex,
  valueOf: (field: SectionField) => string,
): string {
  for (const { section, field } of alternatives) {
    const known = fields(section, field);
    const value = known ? valueOf(known) : "";
    if (value !== "") return value;
  }
  return "";
}

export type UnknownPlace = { readonly name: string; readonly position: number };

/** Fields named in places that the account doesn't have; `position` counts characters from 1. */
export function unknownPlaces(text: string, fields: FieldIndex): UnknownPlace[] {
  return findPlaces(text).flatMap((place) =>
    place.alternatives
      .filter(({ section, field }) => !fields(section, field))
      .map(({ section, field }) => ({ name: `${section}.${field}`, position: place.start + 1 })),
  );
}

/** The text with every known field under its permanent key, so that renaming a custom field keeps the place. */
export function settlePlaces(text: string, fields: FieldIndex): string {
  return fillPlaces(text, (place) => {
    const settled = place.alternatives.map(
      ({ section, field }) => `${section}.${fields(section, field)?.key ?? field}`,
    );
    return `{${settled.join("|")}}`;
  });
}
