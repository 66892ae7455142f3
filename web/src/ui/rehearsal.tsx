import "./rehearsal.css";
import { Button, Select } from "@mantine/core";
import { IconHistory, IconX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { EndpointInput } from "../../../src/contracts/endpoint.ts";
import { rehearse, type Rehearsal } from "../../../src/contracts/endpoints/workflows.ts";
import type { RehearsedDifference } from "../../../src/contracts/rehearsal.ts";
import { call, wordsOf } from "../api.ts";
import { Notice } from "./atoms.tsx";
import { laidOut, WithSecrets } from "./code.tsx";
import { lineDiff } from "./line-diff.ts";
import { problemWords } from "./problem-places.ts";
import { Side } from "./side.tsx";
import { Time } from "./time.tsx";
import { Words } from "./words.tsx";

export type RehearsalDraft = EndpointInput<typeof rehearse>["body"]["draft"];

const periods = [
  { value: "1000", label: "Last 1,000 events" },
  { value: "100", label: "Last 100 events" },
  { value: "1d", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
];

/** Beside *Save*: what the draft would change over what really happened. Sends nothing. */
export function RehearsalButton({ draft }: { draft: RehearsalDraft }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        type="button"
        variant="default"
        className="iconact"
        aria-label="What would change?"
        leftSection={<IconHistory size={16} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        What would change?
      </Button>
      {open && (
        <Side label="What would change?" close={() => setOpen(false)}>
          <div className="dhead">
            <h2 className="dtitle" style={{ margin: 0 }}>
              What would change?
            </h2>
            <span className="right">
              <button type="button" className="iconbtn" aria-label="Close" onClick={() => setOpen(false)}>
                <IconX size={18} aria-hidden />
              </button>
            </span>
          </div>
          <RehearsalRun draft={draft} atOnce />
        </Side>
      )}
    </>
  );
}

/** The rehearsal itself. `atOnce`: it runs when it appears. */
export function RehearsalRun({ draft, atOnce = false }: { draft: RehearsalDraft; atOnce?: boolean }) {
  const [period, setPeriod] = useState("1000");
  const run = useMutation({
    mutationFn: ({ what, over }: { what: RehearsalDraft; over: string }) =>
      call(rehearse, { body: { draft: what, ...periodOf(over) } }),
  });
  const start = (over = period) => run.mutate({ what: draft, over });
  useEffect(() => {
    if (atOnce) start();
    // when it appears, not when the draft changes
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  const stale = run.data && JSON.stringify(run.variables.what) !== JSON.stringify(draft);
  return (
    <div className="rehearsal">
      <div className="rtools">
        <Select
          size="xs"
          data={periods}
          value={period}
          aria-label="Over which events"
          onChange={(to) => {
            if (!to) return;
            setPeriod(to);
            if (run.data) start(to);
          }}
        />
        <Button
          size="xs"
          variant="default"
          loading={run.isPending}
          onClick={() => start()}
          leftSection={<IconHistory size={14} aria-hidden />}
        >
          {run.data ? "Run again" : "Rehearse"}
        </Button>
      </div>
      <div aria-live="polite">
        {run.error && (
          <div className="rpart">
            <Notice o="failed">
              <b style={{ fontWeight: 600 }}>It could not be rehearsed.</b>{" "}
              {problemWords(run.error, []) ?? wordsOf(run.error)}
            </Notice>
          </div>
        )}
        {!run.data && !run.error && (
          <p className="rpart dim rintro">
            Runs what is written here, and what is saved, over what really happened, and lists the differences. Sends
            nothing.
          </p>
        )}
        {run.data && <Findings found={run.data} stale={stale === true} over={run.variables.over} />}
      </div>
    </div>
  );
}

function periodOf(period: string): { events_max?: number; from?: string } {
  const days = /^(\d+)d$/.exec(period)?.[1];
  if (days === undefined) return { events_max: Number(period) };
  return { events_max: 1000, from: new Date(Date.now() - Number(days) * 86_400_000).toISOString() };
}

function Findings({ found, stale, over }: { found: Rehearsal; stale: boolean; over: string }) {
  const { counts, differences } = found;
  const isEmpty = found.events === 0 && found.answers === 0;
  const kinds = [
    ["would be new", counts.appear],
    ["would no longer happen", counts.vanish],
    ["payloads change", counts.payloads],
    ["answers would count otherwise", counts.outcomes],
  ] as const;
  // one kind alone is what the headline says already
  const changed = kinds.filter(([, count]) => count > 0);
  return (
    <>
      <div className="rpart">
        <div className="rhead">{found.headline}</div>
        <div className="dim small">
          {isEmpty
            ? `Nothing happened ${over.endsWith("d") ? "in this time" : "so far"} that this has to do with. Once something has, it is shown what the draft would make of it.`
            : `Over ${counted(found.events, "event")} and ${counted(found.answers, "recorded answer")}. Nothing was sent.`}
        </div>
        {found.left_out > 0 && (
          <div className="rstale">
            {found.left_out.toLocaleString("en")} more {found.left_out === 1 ? "was" : "were"} left out: the ones before
            are too large to look at them all.
          </div>
        )}
        {stale && <div className="rstale">The draft was changed since. Run it again.</div>}
        {changed.length > 1 && (
          <dl className="rcounts">
            {changed.map(([words, count]) => (
              <div key={words}>
                <dt>{words}</dt>
                <dd className="num">{count.toLocaleString("en")}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <Differences differences={differences} sides={{ before: "Saved", after: "Draft" }} />
    </>
  );
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

const signs = { appears: "+", vanishes: "−", payload: "~", outcome: "~" } as const;

/** What either side of a comparison is called. */
type Sides = { readonly before: string; readonly after: string };

/** Difference by difference: what, and which lead it concerns. */
export function Differences({ differences, sides }: { differences: readonly RehearsedDifference[]; sides: Sides }) {
  if (differences.length === 0) return null;
  return (
    <ul className="rlist" aria-label="Differences">
      {differences.map((difference, index) => (
        // the list is drawn once, as it came
        // oxlint-disable-next-line react/no-array-index-key
        <li key={index}>
          <span className="rsign" data-kind={difference.kind} aria-hidden>
            {signs[difference.kind]}
          </span>
          <div style={{ minWidth: 0 }}>
            <What difference={difference} sides={sides} />
          </div>
          <span className="rwho">
            {difference.lead_id !== null && (
              <Link className="lnk" to="/leads/$id" params={{ id: String(difference.lead_id) }}>
                Lead {difference.lead_id}
              </Link>
            )}
            <span className="dim">
              <Time at={difference.at} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function What({ difference, sides }: { difference: RehearsedDifference; sides: Sides }) {
  if (difference.kind === "payload")
    return (
      <details>
        <summary>
          Payload to <b>{difference.connect}</b> changes
        </summary>
        <Changed before={difference.before} after={difference.after} />
      </details>
    );
  if (difference.kind === "outcome")
    return (
      <>
        <b>{difference.connect}</b>: <Words text={`${difference.before} → ${difference.after}`} />{" "}
        <Link className="lnk" to="/deliveries/$id" params={{ id: difference.delivery_id }}>
          View
        </Link>
      </>
    );
  return (
    <>
      <b>{difference.kind === "appears" ? "Would" : "Would no longer"}</b> {difference.what}
      <div className="dim small">
        {difference.kind === "appears" ? sides.before : sides.after}: <Words text={difference.because} />
      </div>
    </>
  );
}

/** A request as lines: its head as it is, its body laid out when it is JSON. */
function whole(request: string): string {
  const end = request.indexOf("\n\n") + 2;
  return end < 2 ? laidOut(request) : request.slice(0, end) + laidOut(request.slice(end));
}

/** Line by line what goes and what comes, where it stands. */
const Changed = ({ before, after }: { before: string; after: string }) => (
  <pre className="well code rdiff">
    {lineDiff(whole(before), whole(after)).map(({ mark, text }, index) => (
      // lines never change places
      // oxlint-disable-next-line react/no-array-index-key
      <span key={index} data-mark={mark}>
        {mark} <WithSecrets text={text} />
      </span>
    ))}
  </pre>
);
