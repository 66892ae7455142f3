import type { DeliveryFilter } from "../contracts/delivery.ts";
import { maskedFilters, refusedFilter } from "../contracts/masked-filters.ts";
import { ProblemError } from "../core/problem-error.ts";
import type { DeliverySelection } from "../store/deliveries.ts";
import { mappingContext } from "../store/mapping-context.ts";
import { selectionOf } from "../store/selection-of.ts";
import type { Caller } from "./caller.ts";

type Reader = Pick<Caller, "scope" | "role">;

/** What a reader's filter of the logs selects. Throws `forbidden` where it asks for what this reader sees masked. */
export async function selectionFor(reader: Reader, filter: DeliveryFilter): Promise<DeliverySelection> {
  await refuseMaskedFilters(reader, filter);
  return selectionOf(filter);
}

/** Throws `forbidden` where a reader filters the logs by what they see masked: what matches would tell it. */
export async function refuseMaskedFilters(
  { scope, role }: Reader,
  filter: Pick<DeliveryFilter, "phone" | "result">,
): Promise<void> {
  const asked = maskedFilters.filter(
    (name) => filter[name] !== undefined && (name !== "phone" || filter.phone?.trim()),
  );
  if (asked.length === 0) return;
  const { maskedInLogs } = await mappingContext(scope);
  const errors = asked.flatMap((path) => {
    const message = refusedFilter(path, { role, maskedInLogs });
    return message === null ? [] : [{ path, message }];
  });
  const [first] = errors;
  if (first !== undefined) throw new ProblemError("forbidden", { detail: first.message, errors });
}
