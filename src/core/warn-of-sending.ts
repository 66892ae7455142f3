import { defaultRetrySchedule, type ConnectSettings, type Warning } from "../contracts/connect.ts";
import { durationMs } from "../contracts/duration.ts";
import { sayDuration } from "../contracts/time-words.ts";

const attemptsMany = 1_000;

/** Where settings of time-out, retries, pace and order fight one another. */
export function warnOfSending(settings: ConnectSettings): Warning[] {
  const { retry, give_up_after, order, order_group, keep_order_for } = settings;
  const warnings: Warning[] = [];
  const warn = (path: keyof ConnectSettings, message: string): void => void warnings.push({ path, message });
  const waits = retry === "off" ? [] : retry === "default" ? defaultRetrySchedule : retry.schedule;
  const first = waits[0];
  const giveUpMs = durationMs(give_up_after);
  if (first !== undefined && giveUpMs <= durationMs(first))
    warn(
      "give_up_after",
      `The first retry comes ${sayDuration(first)} after a failure, but after ${sayDuration(give_up_after)} Patchbay has given up: nothing is ever sent again. Give it longer, or switch Retry off`,
    );
  const last = waits.at(-1);
  if (retry !== "default" && last !== undefined) {
    // an own list's last wait comes again and again; none is under a second
    const attempts = Math.floor(giveUpMs / Math.max(1_000, durationMs(last)));
    if (attempts > attemptsMany)
      warn(
        "retry",
        `A vendor that stays away is tried about ${attempts.toLocaleString("en")} times for each delivery: every ${sayDuration(last)} until ${sayDuration(give_up_after)} are over. Give up earlier, or end the list with a longer wait`,
      );
  }
  if (order === "none" && order_group !== "")
    warn(
      "order_group",
      `Order is As they come, so ${order_group} keeps nothing in order. Choose an order, or empty this`,
    );
  if (order !== "none" && first !== undefined && durationMs(keep_order_for) < durationMs(first))
    warn(
      "keep_order_for",
      `The first retry comes ${sayDuration(first)} after a failure, but a lead's next delivery waits only ${sayDuration(keep_order_for)}: any failure breaks the order. Make it longer`,
    );
  return warnings;
}

/** How the connects of one order group must agree: each entry is another connect that names it. */
export function warnOfOrderGroup(
  { order, order_group }: Pick<ConnectSettings, "order" | "order_group">,
  others: readonly { readonly name: string; readonly order: ConnectSettings["order"] }[],
): Warning[] {
  if (order_group === "") return [];
  const apart = others.filter((other) => other.order !== order);
  if (apart.length === 0) return [];
  const named = apart.map((other) => `${other.name} (${orderWords[other.order]})`).join(", ");
  return [
    {
      path: "order",
      message: `This connect is ${orderWords[order]}, but in its order group ${order_group} there ${apart.length === 1 ? "is" : "are"} ${named}. Set all connects of the group alike`,
    },
  ];
}

const orderWords: Readonly<Record<ConnectSettings["order"], string>> = {
  per_lead: "Keep order per lead",
  newest_wins: "Newest wins",
  none: "As they come",
};
