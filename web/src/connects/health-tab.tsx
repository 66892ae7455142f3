import { Button, SegmentedControl } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { z } from "zod";
import type { ConnectHealth, HealthHours } from "../../../src/contracts/health.ts";
import { Sec } from "../ui/atoms.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Fault } from "../ui/fault.tsx";
import { LoadingPage } from "../ui/loading.tsx";
import { endLook, Glyph, outcomeLook } from "../ui/outcome.tsx";
import { showAge, showDuration } from "../ui/time.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import "./health.css";
import { EndsChart, LatencyChart, sayLatency } from "./health-chart.tsx";
import { BreakerHistory, Numbers, Reasons, TimeSplit } from "./health-parts.tsx";
import {
  endOrder,
  holdReasonWords,
  queueCount,
  rangeWords,
  sayEnds,
  showCount,
  showShare,
  verdictOf,
} from "./health-words.ts";
import { healthQuery } from "./health-queries.ts";
import { barColour } from "./sparkline.tsx";

const Search = z.object({ hours: z.enum(["1", "24", "168"]).default("24") });

/** Health: how the vendor takes what is sent, how long it takes, and what waits. */
export function HealthTab() {
  const { id = "" } = useParams({ strict: false });
  const [{ hours }, setUrl] = useUrlState(Search);
  const { data, error, refetch } = useQuery({
    ...healthQuery(Number(id), hours),
    placeholderData: keepPreviousData,
  });
  const range = (
    <SegmentedControl
      size="xs"
      aria-label="Range"
      classNames={{ root: "ranges" }}
      data={[
        { value: "1", label: "1 hour" },
        { value: "24", label: "24 hours" },
        { value: "168", label: "7 days" },
      ]}
      value={hours}
      onChange={(value) => setUrl({ hours: value === "24" ? undefined : value })}
    />
  );
  const week = () => setUrl({ hours: "168" });
  return (
    <div className="health">
      {error && <Fault what="The connect’s health could not be read." error={error} again={() => void refetch()} />}
      {!data ? (
        !error && <LoadingPage />
      ) : data.attempts === 0 ? (
        <Quiet health={data} id={id} range={range} {...(data.hours < 168 ? { week } : {})} />
      ) : (
        <Told health={data} id={id} range={range} />
      )}
    </div>
  );
}

function Told({ health, id, range }: { health: ConnectHealth; id: string; range: ReactNode }) {
  const { o, title, evidence } = verdictOf(health);
  const words = rangeWords[health.hours as HealthHours];
  const bucket = bucketWords(health.bucket_seconds);
  const drawn = endOrder.filter((end) => health.ends[end] > 0);
  return (
    <>
      <div className="healthhead">
        <div>
          <h2 className="verdict">
            <Glyph o={o} size={19} /> {title}
          </h2>
          <p className="t2">
            In the last {words}.{evidence && ` ${evidence}`}
          </p>
        </div>
        {range}
      </div>
      <Stats health={health} />
      <section>
        <Sec
          right={
            <span className="legend t2">
              {drawn.map((end) => (
                <span key={end}>
                  <i style={{ background: barColour(end) }} /> {outcomeLook[endLook[end]].word}
                </span>
              ))}
            </span>
          }
        >
          Attempts in each {bucket}
        </Sec>
        <EndsChart
          buckets={health.buckets}
          label={`Attempts in each ${bucket} of the last ${words}: ${sayEnds(health.ends)}.`}
        />
      </section>
      {health.latency.p50_ms !== null && (
        <section>
          <Sec
            right={
              <span className="legend t2">
                <span>
                  <i style={{ background: "var(--pb-t5)" }} /> p50
                </span>
                <span>
                  <i style={{ background: "var(--pb-t4)" }} /> p95
                </span>
              </span>
            }
          >
            Time to the end of a call
          </Sec>
          <LatencyChart
            buckets={health.buckets}
            label={`Of the calls of the last ${words} ${sayLatency(health.latency)}.`}
          />
        </section>
      )}
      <Numbers buckets={health.buckets} />
      <div className="healthgrid">
        <TimeSplit timing={health.timing} />
        <div>
          <Reasons health={health} id={id} />
          <BreakerHistory changes={health.breaker_changes} />
        </div>
      </div>
    </>
  );
}

function Stats({ health }: { health: ConnectHealth }) {
  const { success_rate, attempts, latency, waiting, held } = health;
  return (
    <dl className="stats">
      {success_rate !== null && (
        <>
          <Stat value={showShare(success_rate)} words={`accepted, of ${showCount(attempts, "attempt")}`} />
          <Stat value={time(latency.p50_ms)} words="p50, half of the calls" />
          <Stat value={time(latency.p95_ms)} words="p95, all but 5 in 100" />
        </>
      )}
      <Stat value={queueCount(waiting.count)} words={`waiting${since(waiting.oldest_at)}`} />
      <Stat
        value={queueCount(held.count)}
        words={`held${since(held.oldest_at)}${held.because.length > 0 ? `: ${held.because.map((why) => holdReasonWords[why]).join(", ")}` : ""}`}
      />
    </dl>
  );
}

const since = (at: string | null): string => (at === null ? "" : `, oldest ${showAge(at)}`);
const time = (ms: number | null): string => (ms === null ? "–" : showDuration(ms));

const Stat = ({ value, words }: { value: string; words: string }) => (
  <div className="stat">
    <dt className="dim">{words}</dt>
    <dd className="num">{value}</dd>
  </div>
);

/** Nothing was attempted in the range: what this page is for, and what waits all the same. */
function Quiet({
  health,
  id,
  range,
  week,
}: {
  health: ConnectHealth;
  id: string;
  range: ReactNode;
  week?: () => void;
}) {
  const owes = health.waiting.count + health.held.count > 0;
  return (
    <>
      <div className="healthhead">
        <span />
        {range}
      </div>
      {owes && <Stats health={health} />}
      <EmptyState
        title={`Nothing was sent in the last ${rangeWords[health.hours as HealthHours]}`}
        picture={!owes}
        acts={
          <>
            {week && (
              <Button variant="default" onClick={week}>
                Look at the last 7 days
              </Button>
            )}
            <Link className="lnk" to="/connects/$id/logs" params={{ id }}>
              See Connect Logs
            </Link>
          </>
        }
      >
        Once leads go out, this shows how many the vendor accepts, how long it takes to answer, and what waits. Tests
        don’t count.
      </EmptyState>
      {health.breaker_changes.length > 0 && <BreakerHistory changes={health.breaker_changes} />}
    </>
  );
}

const bucketWords = (seconds: number): string =>
  seconds === 60 ? "minute" : seconds < 3_600 ? `${seconds / 60} minutes` : `${seconds / 3_600} hours`;
