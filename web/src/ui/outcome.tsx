import {
  IconAlertTriangleFilled,
  IconBan,
  IconCircleCheckFilled,
  IconClock,
  IconCopy,
  IconPlayerPauseFilled,
  IconRotateClockwise,
  IconTrash,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { AttemptOutcome } from "../../../src/contracts/outcome.ts";
import type { OutcomeName } from "../theme.ts";

export const outcomeLook: Record<OutcomeName, { icon: typeof IconClock; word: string }> = {
  accepted: { icon: IconCircleCheckFilled, word: "Accepted" },
  rejected: { icon: IconBan, word: "Rejected" },
  duplicate: { icon: IconCopy, word: "Duplicate" },
  retrying: { icon: IconRotateClockwise, word: "Retrying" },
  failed: { icon: IconAlertTriangleFilled, word: "Failed" },
  held: { icon: IconPlayerPauseFilled, word: "Held" },
  waiting: { icon: IconClock, word: "Waiting" },
  discarded: { icon: IconTrash, word: "Discarded" },
};

/** How the end of an attempt is drawn. */
export const endLook: Record<AttemptOutcome, OutcomeName> = {
  accepted: "accepted",
  rejected: "rejected",
  duplicate: "duplicate",
  failed: "failed",
  again: "retrying",
  held: "held",
};

/** An outcome is always glyph and word; `pill` only where it is the headline of a page or drawer. */
export function Outcome({
  o,
  word,
  pill,
  quiet,
  size = 15,
}: {
  o: OutcomeName;
  word?: ReactNode;
  pill?: boolean;
  quiet?: boolean;
  size?: number;
}) {
  const Icon = outcomeLook[o].icon;
  return (
    <span
      className={pill ? "oc pill" : "oc"}
      style={{
        color: quiet ? undefined : `var(--pb-${o})`,
        background: pill ? `var(--pb-${o}-bg)` : undefined,
      }}
    >
      <Icon size={size} stroke={2.1} aria-hidden style={{ color: `var(--pb-${o})` }} />
      <span>{word ?? outcomeLook[o].word}</span>
    </span>
  );
}

/** The mark alone, where the word stands beside it. */
export function Glyph({ o, size = 15 }: { o: OutcomeName; size?: number }) {
  const Icon = outcomeLook[o].icon;
  return <Icon size={size} stroke={2.1} aria-hidden style={{ color: `var(--pb-${o})`, flex: "none" }} />;
}
