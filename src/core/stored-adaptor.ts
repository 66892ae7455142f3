import type { AdaptorSettings, FieldRow, StaticRow } from "../contracts/adaptor.ts";
import { remembered } from "./remembered.ts";
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
export const splitTargets = remembered((to: string): readonly string[] =>
  to
    .split(/(?<!\\),/)
    .map((target) => target.trim().replaceAll("\\,", ","))
    .filter((target) => target !== ""),
);
