import type { CheckVerdict } from "./decide-run.ts";

/** "It fired"; "It did not fire: the disposition was NI". */
export function runHeadline(checks: readonly CheckVerdict[]): string {
  const no = checks.find((check) => check.met === false);
  return no === undefined ? "It fired" : `It did not fire: ${sayNo(no)}`;
}

/** What a check that said no found, as part of a sentence. */
function sayNo({ check, says, found, no }: CheckVerdict): string {
  switch (check) {
    case "active":
      return found === "it is off" ? "it was switched off" : found;
    case "event":
      return `${found}, and it is not asked on that`;
    case "condition":
      return no ?? found;
    case "schedule":
      return `it was ${found}, outside its schedule`;
    case "percentage":
      return `the lead is not ${says.replace(/^The lead is /, "")}`;
    case "pending":
      return found === "1 pending"
        ? "an action of it was pending for this lead"
        : `${found.replace(/ pending$/, "")} actions of it were pending for this lead`;
    case "loop":
      return `it had fired ${found} for this lead within 3 minutes`;
    case "relation":
    case "stop":
    case "recursion":
      break;
  }
  return found;
}

/** What would make it fire; empty when it did. */
export function runFix(checks: readonly CheckVerdict[]): string {
  const no = checks.find((check) => check.met === false);
  if (no === undefined) return "";
  return no.check === "condition" ? `Change the event “${no.says}”, or switch it off` : fixes[no.check];
}

const fixes: Readonly<Record<Exclude<CheckVerdict["check"], "condition">, string>> = {
  active: "Switch it on in its general settings",
  event: "Wait for what it is asked on, or add an event that names this",
  relation: "Choose under Relation what the lead or call belongs to, or All",
  stop: "Change Stop workflow if: for this lead it fires no more",
  schedule: "Add this day and hour to its schedule",
  percentage: "Raise Perform action on: a lead that is in stays in",
  pending: "Run or flush the pending actions, or switch Skip if pending actions off",
  loop: "Wait 3 minutes, or switch Loop protection off",
  recursion: "Change what it updates or when it fires, then switch it on again",
};
