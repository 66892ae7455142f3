import type { DeliveryFilter } from "../contracts/delivery.ts";
import type { DeliverySelection } from "./deliveries.ts";
import { uuidV7At } from "./uuid-v7.ts";

/** A reader's filter as the store asks it: a time range becomes bounds of ids, a phone its digits. */
export function selectionOf(filter: DeliveryFilter): DeliverySelection {
  const prefix = filter.result?.endsWith("*") ?? false;
  return {
    connect: filter.connect,
    outcome: filter.outcome,
    state: filter.state,
    test: filter.test,
    phone: filter.phone === undefined || filter.phone.trim() === "" ? undefined : nationalDigits(filter.phone),
    leadId: filter.lead_id,
    result:
      filter.result === undefined ? undefined : { text: prefix ? filter.result.slice(0, -1) : filter.result, prefix },
    idFrom: filter.from === undefined ? undefined : uuidV7At(msOf(filter.from)),
    // to the end of that millisecond
    idBefore: filter.to === undefined ? undefined : uuidV7At(msOf(filter.to) + 1),
    diagnosis: filter.diagnosis?.split(","),
    settledBefore:
      filter.settled_before === undefined
        ? undefined
        : new Date(Math.min(msOf(filter.settled_before), yearsEnd)).toISOString(),
  };
}

/** Of those with four digits: what PostgreSQL reads as it is written. */
const yearsEnd = Date.UTC(9999, 11, 31);

function msOf(instant: string): number {
  return Math.min(Math.max(0, Date.parse(instant)), 2 ** 48 - 2);
}

/** Phones are kept without their country code; a US one is often typed with it. */
function nationalDigits(phone: string): string {
  const digits = phone.replaceAll(/\D/g, "");
  return digits.length === 11 && digits.startsWith("1") ? digits.slice(1) : digits;
}
