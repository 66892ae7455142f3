import { canonicalZone, olderNames, timeZones } from "../../../src/contracts/time-zones.ts";
import { abbreviationsOf } from "./zone-abbreviations.ts";

/** A zone as people look for it. */
export type ShownZone = {
  /** The name it is kept under. */
  readonly zone: string;
  /** "New York"; of `America/Argentina/Salta` "Salta, Argentina". */
  readonly city: string;
  readonly country: string;
  /** Minutes ahead of UTC, now. */
  readonly offset: number;
};

type Known = ShownZone & {
  /** Everything that is searched, each beginning a word. */
  readonly words: string;
  readonly short: readonly string[];
  /** In winter, as lists of zones write it all year. */
  readonly standard: number;
};

const countries = new Intl.DisplayNames("en", { type: "region" });
/** What people call a country and the lists of names don't. */
const alsoCalled: Readonly<Record<string, string>> = {
  AE: "UAE Emirates",
  BO: "Bolivia",
  CD: "DRC",
  CI: "Ivory Coast",
  CZ: "Czech Republic",
  GB: "UK Great Britain England Scotland Wales Northern Ireland",
  KR: "Korea",
  LA: "Laos",
  MM: "Burma",
  MK: "Macedonia",
  NL: "Holland",
  RU: "Russian Federation",
  TR: "Turkey Türkiye",
  US: "USA America States",
  VN: "Vietnam",
};
/** What a zone's time is called in words, by its abbreviation. */
const timeWords: Readonly<Record<string, string>> = {
  EST: "eastern time", CST: "central time", MST: "mountain time", PST: "pacific time", AKST: "alaska time", HST: "hawaii time",
  AST: "atlantic time", NST: "newfoundland time", WET: "western european time", CET: "central european time",
  EET: "eastern european time", MSK: "moscow time", GMT: "greenwich mean time", BST: "british summer time",
  SAST: "south african time", WAT: "west africa time", CAT: "central africa time", EAT: "east africa time",
  AWST: "western time", ACST: "central time", AEST: "eastern time",
}; // prettier-ignore
/** One name for winter and summer, of North America's zones. */
const eitherTime: Readonly<Record<string, string>> = { EST: "et", CST: "ct", MST: "mt", PST: "pt" };
/** Places of many people that no zone is named after. */
const places: Readonly<Record<string, string>> = {
  "America/New_York":
    "NYC Boston Philadelphia Washington DC Atlanta Miami Orlando Tampa Charlotte Pittsburgh Cleveland Columbus Cincinnati Baltimore Florida Georgia Ohio Pennsylvania Virginia Carolina Massachusetts New Jersey Connecticut Maine Vermont Maryland Delaware",
  "America/Chicago":
    "Dallas Houston Austin San Antonio Minneapolis Milwaukee St Louis Kansas City New Orleans Nashville Memphis Oklahoma City Omaha Texas Illinois Wisconsin Minnesota Iowa Missouri Louisiana Alabama Mississippi Arkansas Tennessee Nebraska",
  "America/Denver": "Salt Lake City Albuquerque El Paso Colorado Springs Colorado Utah New Mexico Wyoming Montana",
  "America/Phoenix": "Arizona Tucson Scottsdale Mesa",
  "America/Los_Angeles":
    "LA San Francisco SF San Diego San Jose Seattle Portland Las Vegas Sacramento California Washington Oregon Nevada",
  "America/Toronto": "Montreal Ottawa Quebec Ontario",
  "America/Edmonton": "Calgary Alberta",
  "America/Vancouver": "Victoria British Columbia",
  "America/Sao_Paulo": "Rio de Janeiro Brasilia",
  "America/Mexico_City": "Guadalajara",
  "Europe/London": "Manchester Birmingham Edinburgh Glasgow Cardiff Belfast Leeds Liverpool",
  "Europe/Berlin": "Munich Hamburg Frankfurt Cologne Stuttgart",
  "Europe/Paris": "Lyon Marseille",
  "Europe/Madrid": "Barcelona Valencia",
  "Europe/Rome": "Milan Naples Turin",
  "Europe/Zurich": "Geneva Basel Bern",
  "Asia/Kolkata": "Mumbai Bombay Delhi Bangalore Bengaluru Chennai Hyderabad Pune",
  "Asia/Ho_Chi_Minh": "Ho Chi Minh City Hanoi",
  "Asia/Shanghai": "Beijing Shenzhen Guangzhou",
  "Asia/Tokyo": "Osaka",
  "Asia/Manila": "Cebu Davao Makati",
  "Asia/Dubai": "Abu Dhabi",
  "Australia/Sydney": "Canberra New South Wales",
};
/** Cities that stand for many people: first, where several match alike. */
const usual = [
  "UTC", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix", "America/Anchorage",
  "Pacific/Honolulu", "America/Toronto", "America/Vancouver", "America/Halifax", "America/Mexico_City", "America/Sao_Paulo",
  "Europe/London", "Europe/Dublin", "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Rome", "Europe/Athens",
  "Europe/Moscow", "Asia/Dubai", "Asia/Kolkata", "Asia/Manila", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo",
  "Australia/Sydney", "Pacific/Auckland",
]; // prettier-ignore
const rank = new Map(usual.map((zone, at) => [zone, at]));

const dayMs = 86_400_000;
let known: { readonly day: number; readonly zones: readonly Known[] } | null = null;

/**
 * The zones that match, best first: by city, country, region, abbreviation (EST, PDT), name of the time (eastern), or offset
 * (-5, UTC-05:00, gmt+1). Every word counts; accents, capitals and underscores don't. Nothing typed: all, by name.
 */
export function findZones(typed: string, at = new Date()): readonly ShownZone[] {
  const all = zonesOn(at);
  const offset = offsetOf(typed);
  if (offset !== null) {
    const now = all.filter((zone) => offset.includes(zone.offset));
    const inWinter = all.filter((zone) => !now.includes(zone) && offset.includes(zone.standard));
    return [...now.toSorted(byUse), ...inWinter.toSorted(byUse)];
  }
  const words = wordsOf(typed);
  if (words.length === 0) return typed.trim() === "" ? all : [];
  const found = all
    .map((zone) => [zone, score(zone, words)] as const)
    .filter(([, points]) => points > 0)
    .toSorted(([a, one], [b, other]) => other - one || byUse(a, b))
    .map(([zone]) => zone);
  const joined = words.join("");
  return found.length > 0 || joined.length < 5
    ? found
    : all.filter(({ words: each }) => each.replaceAll(" ", "").includes(joined)).toSorted(byUse);
}

/** Of `(UTC-05:00) Eastern Standard Time (US & Canada)` only `eastern` tells zones apart. */
function wordsOf(typed: string): readonly string[] {
  const told = typed.replace(/^\s*\((?:utc|gmt)[^)]*\)\s*(?=\S)/i, "").replace(/\(us\s*&\s*canada\)/i, "");
  const words = plain(told)
    .split(" ")
    .filter((word) => word !== "");
  const telling = words.filter((word) => !/^(?:standard|daylight|summer|winter|savings?|time|zone)$/.test(word));
  return telling.length > 0 ? telling : words;
}

/** The one zone that this is the whole name of, today's or an older one; null: it is none. */
export const zoneNamed = canonicalZone;

/** "UTC−05:00". */
export function offsetWords(minutes: number): string {
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? "−" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const two = (value: number): string => String(value).padStart(2, "0");

const byUse = (a: ShownZone, b: ShownZone): number =>
  (rank.get(a.zone) ?? usual.length) - (rank.get(b.zone) ?? usual.length) || a.zone.localeCompare(b.zone);

/** An abbreviation or city that is wholly typed counts most, then the beginning of a word, then any part of one. */
function score(zone: Known, words: readonly string[]): number {
  let points = 0;
  for (const word of words) {
    if (zone.short.includes(word)) points += 8;
    else if (zone.words.startsWith(`${word} `)) points += 6;
    else if (zone.words.includes(` ${word} `)) points += 5;
    else if (zone.words.startsWith(word)) points += 4;
    else if (zone.words.includes(` ${word}`)) points += 3;
    else if (word.length > 3 && zone.words.includes(word)) points += 1;
    else return 0;
  }
  return points;
}

/** Offsets change twice a year, and pages stay open for weeks. */
function zonesOn(at: Date): readonly Known[] {
  const day = Math.floor(at.getTime() / dayMs);
  if (known?.day !== day) known = { day, zones: readZones(at) };
  return known.zones;
}

function readZones(at: Date): readonly Known[] {
  return Array.from(timeZones, ([zone, code]): Known => {
    const country = code === null ? "" : (countries.of(code) ?? "");
    const [region = "", ...within] = zone.split("/");
    const city = within.toReversed().join(", ").replaceAll("_", " ") || zone;
    const short = abbreviationsOf.get(zone) ?? [];
    const either = region === "America" ? short.flatMap((each) => eitherTime[each] ?? []) : [];
    return {
      zone,
      city,
      country,
      offset: offsetAt(zone, at),
      standard: Math.min(offsetAt(zone, january(at)), offsetAt(zone, july(at))),
      short: [...short.map((each) => each.toLowerCase()), ...either],
      words: `${plain(
        [
          city,
          country,
          alsoCalled[code ?? ""],
          zone,
          region,
          places[zone],
          olderNames.get(zone)?.join(" "),
          // China's and the Philippines' have other names
          ...short.flatMap((each) => [each, /^[CP]ST$/.test(each) && region !== "America" ? "" : timeWords[each]]),
        ]
          .filter((part) => part)
          .join(" "),
      )} `,
    };
  }).toSorted((a, b) => a.zone.localeCompare(b.zone));
}

const january = (at: Date): Date => new Date(Date.UTC(at.getUTCFullYear(), 0, 1));
const july = (at: Date): Date => new Date(Date.UTC(at.getUTCFullYear(), 6, 1));

function offsetAt(zone: string, at: Date): number {
  const [, sign, hours, minutes = "0"] = /GMT([+-])(\d+)(?::(\d+))?/.exec(offsetName(zone, at)) ?? [];
  return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function offsetName(zone: string, at: Date): string {
  try {
    const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(at);
    return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  } catch {
    return ""; // a browser that is older than the zone
  }
}

/** `-5`, `+5:30`, `UTC-05:00`, `gmt+1`, `utc +0530`, `UTC 5.5`: minutes ahead of UTC; null: it is something else. */
function offsetOf(typed: string): readonly number[] | null {
  const found = /^(utc|gmt)?\s*([+\-−–±]?)\s*(\d{1,2})(?::?(\d{2})|([.,]\d{1,2}))?\s*(?:h|hours?)?$/i.exec(
    typed.trim(),
  );
  if (!found) return null;
  const [, from, sign, hours, minutes = "0", part = ".0"] = found;
  // a number alone may be the beginning of anything
  if (!from && !sign && !typed.includes(":")) return null;
  const ahead = Number(hours) * 60 + Number(minutes) + Number(part.replace(",", ".")) * 60;
  return sign === "±" ? [ahead, -ahead] : [sign === "" || sign === "+" ? ahead : -ahead];
}

/** Small letters without accents, with spaces between words. */
const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    // u.s.a., d.c.
    .replaceAll(/\b([a-z])\.(?=[a-z]\b|[^a-z]|$)/g, "$1")
    .replaceAll(/[^a-z0-9+]+/g, " ")
    .trim();
