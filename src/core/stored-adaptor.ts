import type { AdaptorSettings, FieldRow, StaticRow } from "../contracts/adaptor.ts";
import type { Text } from "./text.ts";

/** A static row whose secret parts are places. `{lead.first_name}` places stand unfilled in its strings. */
export type StoredStaticRow = Omit<StaticRow, "value"> & { readonly value: Text };

/** An adaptor as it is kept and used: fields by their permanent keys, secrets as places. Storable as JSON. */
export type StoredAdaptor = Omit<AdaptorSettings, "fields"> & {
  readonly fields: readonly (FieldRow | StoredStaticRow)[];
};

/**
 * The vendor's names that a row's "Mapped to" lists: parted by commas, `\,` is a comma of the name. None: not sent.
 */
export function splitTargets(to: string): readonly string[] {
  const known = split.get(to);
  if (known !== undefined) return known;
  const targets = to
    .split(/(?<!\\),/)
    .map((target) => target.trim().replaceAll("\\,", ","))
    .filter((target) => target !== "");
  if (split.size >= splitMax) split.clear();
  split.set(to, targets);
  return targets;
}

/** They are few and asked for with every delivery. */
const split = new Map<string, readonly string[]>();
const splitMax = 10_000;
