import type { DeliverySelection, LogRow } from "./deliveries.ts";

/**
 * Whether a row is one of those that the database finds for a selection (`testsOf` in deliveries.ts; a test asks both about
 * the same rows). For the live tail, which reads each row once for all who watch.
 */
export function matchesSelection(row: LogRow, selection: DeliverySelection): boolean {
  const { connect, outcome, state, test, phone, leadId, result, idFrom, idBefore, diagnosis, settledBefore } =
    selection;
  return (
    (connect === undefined || row.connect_id === connect) &&
    (outcome === undefined || row.outcome === outcome) &&
    (state === undefined || row.state === state) &&
    (test === undefined || row.test === test) &&
    (phone === undefined || row.phone_number === phone) &&
    (leadId === undefined || row.lead_id === leadId) &&
    (idFrom === undefined || row.id >= idFrom) &&
    (idBefore === undefined || row.id < idBefore) &&
    (diagnosis === undefined || (row.diagnosis !== null && diagnosis.includes(row.diagnosis.code))) &&
    (settledBefore === undefined ||
      (row.settled_at !== null && row.settled_at.getTime() < Date.parse(settledBefore))) &&
    (result === undefined || hasResult(row.result, result))
  );
}

function hasResult(result: string | null, { text, prefix }: NonNullable<DeliverySelection["result"]>): boolean {
  return result !== null && (prefix ? result.startsWith(text) : result === text);
}
