import { IconCheck, IconMinus, IconX } from "@tabler/icons-react";
import type { CheckVerdict } from "../../../src/contracts/endpoints/workflows.ts";

type Verdict = Pick<CheckVerdict, "says" | "met" | "found">;

const names: Record<CheckVerdict["check"], string> = {
  active: "Active",
  event: "What happened",
  relation: "Relation",
  condition: "Event",
  stop: "Stop workflow if",
  schedule: "Schedule",
  percentage: "Perform action on",
  pending: "Pending actions",
  loop: "Loop protection",
  recursion: "Recursion guard",
};

/** Every check in order: yes, no on red ground, and dimmed what was not asked. */
export function Checks({ checks }: { checks: readonly CheckVerdict[] }) {
  return (
    <ol className="wchecks" aria-label="Every check, in order">
      {checks.map((check, index) => (
        // checks never change places
        // oxlint-disable-next-line react/no-array-index-key
        <li key={index} data-met={state(check.met)}>
          <Mark met={check.met} />
          <span className="wcheckname">{names[check.check]}</span>
          <div>
            <Said verdict={check} />
            {check.any && (
              <ul className="wanyof">
                {check.any.map((one) => (
                  <li key={one.says}>
                    <Said verdict={one} />
                  </li>
                ))}
              </ul>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

const state = (met: boolean | null) => (met === null ? "unasked" : met ? "yes" : "no");

function Mark({ met }: { met: boolean | null }) {
  if (met === null) return <IconMinus size={16} stroke={2} aria-hidden />;
  if (met) return <IconCheck size={16} stroke={2.2} style={{ color: "var(--pb-accepted)" }} aria-hidden />;
  return <IconX size={16} stroke={2.4} style={{ color: "var(--pb-failed)" }} aria-hidden />;
}

/** "Disposition is SALE: no, it was NI". */
function Said({ verdict: { says, met, found } }: { verdict: Verdict }) {
  if (met === null)
    return (
      <>
        {says}: not asked{found && <>, {found}</>}
      </>
    );
  return (
    <>
      {says}: <b>{met ? "yes" : "no"}</b>
      {found && <>, {found}</>}
    </>
  );
}
