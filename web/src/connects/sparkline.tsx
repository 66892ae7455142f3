import type { ConnectHours } from "../../../src/contracts/health.ts";
import { endLook } from "../ui/outcome.tsx";
import { showCount } from "./health-words.ts";

/** 24 bars of an hour: the height is how many attempts, the colour their worst end. */
export function Sparkline({ hours, w = 118, h = 22 }: { hours: ConnectHours["hours"]; w?: number; h?: number }) {
  const most = Math.max(...hours.map(({ attempts }) => attempts), 1);
  const step = w / hours.length;
  return (
    // a drawing made of data; an image element would need a file
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
    <svg width={w} height={h} role="img" aria-label={findingOf(hours)} className="spark">
      {hours.map(({ attempts, worst }, at) => {
        const height = attempts === 0 ? 1 : Math.max(2.5, (attempts / most) * h);
        return (
          <rect
            // bars have no other name than their place
            // oxlint-disable-next-line react/no-array-index-key
            key={at}
            x={at * step}
            y={h - height}
            width={step - 1.5}
            height={height}
            rx={attempts === 0 ? 0 : 1}
            fill={worst === null ? "var(--pb-line-strong)" : barColour(worst)}
          />
        );
      })}
    </svg>
  );
}

export const noHours: ConnectHours["hours"] = Array.from({ length: 24 }, () => ({ attempts: 0, worst: null }));

/** Accepted is pale, so that exceptions stand out of the mass. */
export const barColour = (end: keyof typeof endLook): string =>
  end === "accepted" ? "var(--pb-accepted-fill)" : `var(--pb-${endLook[end]}-solid)`;

function findingOf(hours: ConnectHours["hours"]): string {
  const attempts = hours.reduce((sum, hour) => sum + hour.attempts, 0);
  if (attempts === 0) return "Nothing sent in the last 24 hours";
  const bad = hours.filter(({ worst }) => worst === "failed" || worst === "held" || worst === "again").length;
  const total = `${showCount(attempts, "attempt")} in the last 24 hours`;
  return bad === 0 ? `${total}, all answered` : `${total}; some did not get through in ${showCount(bad, "hour")}`;
}
