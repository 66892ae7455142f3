import type { Attempt, Call } from "../../../src/contracts/delivery.ts";
import { Sec, Unseen } from "../ui/atoms.tsx";
import { callStepLooks } from "../ui/call-steps.ts";
import { diagnosisWords } from "../ui/diagnosis-words.ts";
import { endLook, Glyph } from "../ui/outcome.tsx";
import { showDuration, Time } from "../ui/time.tsx";
import { statusLine } from "./exchange.tsx";

/** Every attempt, newest first, with its timing split; choosing one shows its request and answer. */
export function Attempts({
  attempts,
  at,
  choose,
}: {
  attempts: readonly Attempt[];
  at: number | undefined;
  choose: (number: number) => void;
}) {
  if (attempts.length === 0) return null;
  return (
    <div className="vpart">
      <Sec
        right={
          <span className="dim small">{attempts.length > 1 ? `${attempts.length} in ${span(attempts)}` : ""}</span>
        }
      >
        Attempts
      </Sec>
      <ol className="attempts">
        {attempts.toReversed().map((attempt) => (
          <li key={attempt.number}>
            <button
              type="button"
              className="attempt"
              aria-pressed={attempt.number === at}
              onClick={() => choose(attempt.number)}
            >
              <OneAttempt attempt={attempt} />
            </button>
          </li>
        ))}
      </ol>
      <div className="dim timekey" aria-hidden>
        {callStepLooks.map(([name, colour]) => (
          <span key={name}>
            <i style={{ background: `var(--pb-${colour})` }} />
            {name}
          </span>
        ))}
      </div>
    </div>
  );
}

function OneAttempt({ attempt }: { attempt: Attempt }) {
  const last = attempt.calls.at(-1);
  const total = attempt.calls.reduce((sum, call) => sum + call.timing.total_ms, 0);
  return (
    <>
      <span style={{ paddingTop: 2 }}>
        <Glyph o={endLook[attempt.outcome]} size={14} />
        <Unseen>Attempt {attempt.number}:</Unseen>
      </span>
      <span className="attemptline">
        <b className="trunc">{last ? statusLine(last.status) : "Nothing sent"}</b>
        <span className="num t2 nowrap">{last ? showDuration(total) : ""}</span>
      </span>
      {last && (
        <>
          <span />
          <Split timing={last.timing} />
        </>
      )}
      <span />
      <span className="dim num attemptnote">
        <span className="trunc">{attempt.diagnosis ? diagnosisWords[attempt.diagnosis.code] : reuseWords(last)}</span>
        <span className="nowrap">
          <Time at={attempt.started_at} />
        </span>
      </span>
    </>
  );
}

const reuseWords = (call: Call | undefined): string =>
  call && call.timing.connect_ms === null && call.status !== null ? "Connection reused" : "";

/** Shares of one call's time; the figure beside it says how long. */
function Split({ timing }: { timing: Call["timing"] }) {
  const { dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms } = timing;
  const before = (dns_ms ?? 0) + (connect_ms ?? 0) + (tls_ms ?? 0);
  // no byte came: all the waiting was for the first
  const first = first_byte_ms ?? Math.max(0, total_ms - before);
  const rest = Math.max(0, total_ms - before - first);
  const shares = [dns_ms ?? 0, connect_ms ?? 0, tls_ms ?? 0, first, rest];
  const sum = shares.reduce((a, b) => a + b, 0) || 1;
  const words = shares.flatMap((ms, at) => (ms > 0 ? [`${callStepLooks[at]![0]} ${showDuration(ms)}`] : [])).join(", ");
  return (
    // bars are drawn by the page; an image element would need a file
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
    <span className="split" role="img" aria-label={words || "No time was taken"} title={words}>
      {shares.map(
        (ms, at) =>
          ms > 0 && (
            <span
              key={callStepLooks[at]![0]}
              style={{ flex: `${Math.max(ms / sum, 0.015)} 1 0`, background: `var(--pb-${callStepLooks[at]![1]})` }}
            />
          ),
      )}
    </span>
  );
}

function span(attempts: readonly Attempt[]): string {
  const started = attempts.map(({ started_at }) => Date.parse(started_at));
  return showDuration(Math.max(...started) - Math.min(...started));
}
