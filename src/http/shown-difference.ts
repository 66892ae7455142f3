import type { Difference } from "../core/rehearse.ts";

const textMax = 20_000;

/** A difference as a reader sees it. */
export function shownDifference(difference: Difference, mask: (text: string) => string) {
  const { of } = difference;
  const lead = { lead_id: of.leadId, event_id: of.eventId, at: of.at };
  if ("what" in difference)
    return { kind: difference.kind, ...lead, what: difference.what, because: mask(difference.because) };
  const { connect } = difference;
  const texts = { before: shown(difference.before, mask), after: shown(difference.after, mask) };
  if ("deliveryId" in difference)
    return { kind: difference.kind, ...lead, connect, delivery_id: difference.deliveryId, ...texts };
  return { kind: difference.kind, ...lead, connect, ...texts };
}

/** A payload may have a megabyte: no more of it is masked than is shown, and no value is cut in two. */
function shown(text: string, mask: (text: string) => string): string {
  // masks know by the ellipsis that a value may have been cut
  const masked = mask(text.length > 2 * textMax ? `${text.slice(0, 2 * textMax)}…` : text);
  return masked.length > textMax ? `${masked.slice(0, textMax - 1)}…` : masked;
}
