import type { DeliveryFilter } from "../contracts/delivery.ts";
import { type MaskedFilter, maskedFilters, refusedFilter } from "../contracts/masked-filters.ts";
import { ProblemError } from "../core/problem-error.ts";
import type { DeliverySelection } from "../store/deliveries.ts";
import { mappingContext } from "../store/mapping-context.ts";
import { selectionOf } from "../store/selection-of.ts";
import type { Caller } from "./caller.ts";

type Reader = Pick<Caller, "scope" | "role">;

/** What a reader's filter of the logs selects. Throws `forbidden` where it asks for what this reader sees masked. */
export async function selectionFor(reader: Reader, filter: DeliveryFilter): Promise<DeliverySelection> {
  const selection = selectionOf(filter);
  const errors = await refusalsOf(reader, selection);
  const [first] = errors;
  if (first !== undefined) throw new ProblemError("forbidden", { detail: first.message, errors });
  return selection;
}

/** Why a reader can't select by what they see masked: what matches would tell it. None: they may. */
export async function refusalsOf(
  { scope, role }: Reader,
  selection: DeliverySelection,
): Promise<{ readonly path: MaskedFilter; readonly message: string }[]> {
  const asked = maskedFilters.filter((name) => selection[name] !== undefined);
  if (asked.length === 0) return [];
  const { maskedInLogs } = await mappingContext(scope);
  return asked.flatMap((path) => {
    const message = refusedFilter(path, { role, maskedInLogs });
    return message === null ? [] : [{ path, message }];
  });
}
