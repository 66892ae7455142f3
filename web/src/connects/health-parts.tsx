import { Link } from "@tanstack/react-router";
import type { ConnectHealth } from "../../../src/contracts/health.ts";
import type { OutcomeName } from "../theme.ts";
import { Sec } from "../ui/atoms.tsx";
import { callStepLooks } from "../ui/call-steps.ts";
import { diagnosisWords } from "../ui/diagnosis-words.ts";
import { Outcome } from "../ui/outcome.tsx";
import { sentence } from "../ui/sentence.ts";
import { useSession } from "../ui/session.ts";
import { showDuration, showTime, Time } from "../ui/time.tsx";
import { showCount, showShare } from "./health-words.ts";

/** Where the time of the calls went: the bar shows shares, the table says them. */
export function TimeSplit({ timing }: { timing: ConnectHealth["timing"] }) {
  const steps = timing.map((step, at) => ({ ...step, word: callStepLooks[at]![0], colour: callStepLooks[at]![1] }));
  if (steps.every(({ share }) => share === 0)) return null;
  const kept = timing[0]!.calls === 0 && timing[1]!.calls === 0;
  return (
    <section>
      <Sec>Where the time goes</Sec>
      <div className="split" aria-hidden>
        {steps.map(({ step, share, colour }) =>
          share > 0 ? (
            <span key={step} style={{ flex: `${Math.max(share, 0.015)} 1 0`, background: `var(--pb-${colour})` }} />
          ) : null,
        )}
      </div>
      <table className="tbl in smalltable">
        <caption className="sr">Where the time of calls goes, step by step</caption>
        <thead>
          <tr>
            <th>Step</th>
            <th className="r">Share</th>
            <th className="r">Average</th>
            <th className="r">Calls</th>
          </tr>
        </thead>
        <tbody>
          {steps.map(({ step, word, colour, share, average_ms, calls }) => (
            <tr key={step}>
              <td>
                <span className="dot stepdot" style={{ background: `var(--pb-${colour})` }} /> {word}
              </td>
              <td className="r">{share === 0 ? "–" : showShare(share)}</td>
              <td className="r">{average_ms === null ? "–" : showDuration(average_ms)}</td>
              <td className="r">{calls === 0 ? "–" : calls.toLocaleString("en")}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {kept && <p className="dim small">Every call went over a connection that was kept open.</p>}
    </section>
  );
}

/** What attempts failed of; nothing when none did. */
export function Reasons({ health, id }: { health: ConnectHealth; id: string }) {
  if (health.reasons.length === 0) return null;
  return (
    <section>
      <Sec
        right={
          <Link className="lnk small" to="/connects/$id/logs" params={{ id }}>
            See Connect Logs
          </Link>
        }
      >
        What came in the way
      </Sec>
      <ul className="plainlist facts">
        {health.reasons.slice(0, 6).map(({ code, count }) => (
          <li key={code}>
            <span>{diagnosisWords[code]}</span>
            <span className="num dim">{showCount(count, "attempt")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const breakerLooks: Record<ConnectHealth["breaker_changes"][number]["breaker"], readonly [OutcomeName, string]> = {
  open: ["held", "Paused by itself"],
  refused: ["failed", "Stopped: credentials refused"],
  closed: ["accepted", "Sending again"],
};

/** When the connect paused itself, and when it went on. */
export function BreakerHistory({ changes }: { changes: ConnectHealth["breaker_changes"] }) {
  return (
    <section>
      <Sec>Paused by itself</Sec>
      {changes.length === 0 ? (
        <p className="dim small">
          Never. A connect pauses itself when the vendor fails again and again, and asks it from time to time until it
          answers.
        </p>
      ) : (
        <ol className="plainlist facts">
          {changes.slice(0, 10).map(({ at, breaker, because }) => {
            const [o, words] = breakerLooks[breaker];
            return (
              <li key={at + breaker}>
                <span>
                  <Outcome o={o} word={words} quiet={breaker === "closed"} />
                  {because && <span className="dim because">{sentence(because)}</span>}
                </span>
                <span className="dim">
                  <Time at={at} />
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

/** The charts' numbers for who does not see them, or wants them exactly. */
export function Numbers({ buckets }: { buckets: ConnectHealth["buckets"] }) {
  const zone = useSession().account.time_zone;
  const shown = buckets.filter(({ ends }) => Object.values(ends).some((count) => count > 0)).toReversed();
  return (
    <details className="numbers">
      <summary>The numbers as a table</summary>
      {/* what scrolls must be reachable by keyboard */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className="numberscroll" aria-label="Numbers" tabIndex={0}>
        <table className="tbl in">
          <thead>
            <tr>
              {["From", "Accepted", "Duplicate", "Rejected", "Retrying", "Held", "Failed", "p50", "p95"].map(
                (head, at) => (
                  <th key={head} className={at === 0 ? undefined : "r"}>
                    {head}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ at, ends, latency: { p50_ms, p95_ms } }) => (
              <tr key={at}>
                <td>{showTime(at, zone)}</td>
                {[ends.accepted, ends.duplicate, ends.rejected, ends.again, ends.held, ends.failed].map((count, n) => (
                  // columns have no other name than their place
                  // oxlint-disable-next-line react/no-array-index-key
                  <td key={n} className="r">
                    {count === 0 ? "–" : count.toLocaleString("en")}
                  </td>
                ))}
                <td className="r">{p50_ms === null ? "–" : showDuration(p50_ms)}</td>
                <td className="r">{p95_ms === null ? "–" : showDuration(p95_ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
