import type { Difference } from "../core/rehearse.ts";

const textMax = 20_000;

/** A difference as a reader sees it. */
export function shownDifference(difference: Difference, mask: (text: string) => string) {
  const { of } = difference;
  const lead = { lead_id: of.leadId, event_id: of.eventId, at: of.at };
  if ("what" in difference)
    return { kind: difference.kind, ...lead, what: difference.what, because: mask(difference.because) };
  const { connect } = difference;
  const texts = { before: cut(mask(difference.before)), after: cut(mask(difference.after)) };
  if ("deliveryId" in difference)
    return { kind: difference.kind, ...lead, connect, delivery_id: difference.deliveryId, ...texts };
  return { kind: difference.kind, ...lead, connect, ...texts };
}

function cut(text: string): string {
  return text.length > textMax ? `${text.slice(0, textMax - 1)}…` : text;
}
