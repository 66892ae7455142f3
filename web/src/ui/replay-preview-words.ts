import type { ReplayPreview } from "../../../src/contracts/endpoints/replays.ts";

export const manyWords = (count: number, capped = false): string =>
  `${count.toLocaleString("en")}${capped ? " or more" : ""}`;

/** Why fewer go than match, what waits all the same, and what vendors have already. */
export function particularsOf({ total, owed, accepted, left_out: left, waits }: ReplayPreview): string[] {
  return [
    ...(left.length > 0 ? [leftWords(left)] : []),
    ...waits.map(({ connect, because, count }) => waitWords(count, total, connect.name, because)),
    ...(owed > 0 && owed < total && waits.length === 0
      ? [`${manyWords(owed)} of them wait or are held: they go at once.`]
      : []),
    ...(accepted > 0 ? [acceptedWords(accepted, total)] : []),
  ];
}

function acceptedWords(accepted: number, total: number): string {
  if (accepted === total) return `The vendor accepted ${total === 1 ? "it" : "them"} already.`;
  return `${manyWords(accepted)} of them ${accepted === 1 ? "was" : "were"} accepted by the vendor already.`;
}

const reasons: Record<ReplayPreview["left_out"][number]["because"], (one: boolean) => string> = {
  test: (one) => (one ? "is a test" : "are tests"),
  connect_deleted: (one) => (one ? "went to a connect that was deleted" : "went to connects that were deleted"),
  under_way: (one) => (one ? "is being sent at this moment" : "are being sent at this moment"),
  not_here: (one) => (one ? "is not kept any more" : "are not kept any more"),
};

/** "14 more match and can't be sent again: 12 are tests, 2 went to connects that were deleted." */
function leftWords(left: ReplayPreview["left_out"]): string {
  const all = left.reduce((sum, { count }) => sum + count, 0);
  const each = left.map(({ because, count }) => `${manyWords(count)} ${reasons[because](count === 1)}`);
  return `${manyWords(all)} more ${all === 1 ? "matches" : "match"} and can’t be sent again: ${each.join(", ")}.`;
}

const untilWords = {
  connect_off: "is off: until it is switched on",
  paused: "is paused: until it is resumed",
  breaker: "has paused itself: until that ends",
} as const;

function waitWords(count: number, total: number, name: string, because: keyof typeof untilWords): string {
  const which = count === total ? (total === 1 ? "it" : "they") : `${manyWords(count)} of them`;
  const verb = which === "it" || count === 1 ? "waits" : "wait";
  return `${name} ${untilWords[because]}, ${which} ${verb}.`;
}

/** What the drawer is headed with: how many go, or become due and wait. */
export function headOf({ total, total_capped, waits }: ReplayPreview): string {
  if (total === 0) return "None of them can be sent again";
  const held = waits.reduce((sum, { count }) => sum + count, 0);
  if (held === total)
    return total === 1
      ? "1 delivery becomes due again, and waits"
      : `${manyWords(total, total_capped)} deliveries become due again, and wait`;
  return total === 1 ? "1 delivery goes out again" : `${manyWords(total, total_capped)} deliveries go out again`;
}
