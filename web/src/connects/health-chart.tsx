import type { ReactNode } from "react";
import type { ConnectHealth, HealthBucket } from "../../../src/contracts/health.ts";
import { useSession } from "../ui/session.ts";
import { showDuration, showTime } from "../ui/time.tsx";
import { endOrder, sayEnds } from "./health-words.ts";
import { barColour } from "./sparkline.tsx";

/** A bar's place in the drawing, which is stretched to the page's width. */
const step = 10;
const gap = 1.4;
const height = 118;

type Chart = { buckets: readonly HealthBucket[]; label: string };

/** How attempts ended over time, stacked; the smallest part can still be seen. */
export function EndsChart({ buckets, label }: Chart) {
  const totals = buckets.map(({ ends }) => endOrder.reduce((sum, end) => sum + ends[end], 0));
  const most = niceMost(Math.max(...totals));
  return (
    <Frame
      buckets={buckets}
      label={label}
      marks={[most, most / 2, 0].filter(Number.isInteger).map((value) => [value / most, value.toLocaleString("en")])}
      title={({ ends }) => sayEnds(ends)}
    >
      {buckets.map(({ at, ends }, place) => {
        let top = height;
        return endOrder.map((end) => {
          if (ends[end] === 0) return null;
          const part = Math.max(2.5, (ends[end] / most) * height);
          top = Math.max(0, top - part);
          return (
            <rect
              key={at + end}
              x={place * step + gap / 2}
              y={top}
              width={step - gap}
              height={Math.max(1.5, part - 1)}
              fill={barColour(end)}
            />
          );
        });
      })}
    </Frame>
  );
}

/** Half of the calls lie below a bar, and 95 of 100 below its top. Each line is ten times the one under it. */
export function LatencyChart({ buckets, label }: Chart) {
  const known = buckets.flatMap(({ latency }) =>
    latency.p50_ms === null ? [] : [latency.p50_ms, latency.p95_ms ?? 0],
  );
  const least = Math.floor(Math.log10(Math.max(1, Math.min(...known))));
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(1, ...known))) - least);
  const placeOf = (ms: number): number => (1 - (Math.log10(Math.max(1, ms)) - least) / decades) * height;
  return (
    <Frame
      buckets={buckets}
      label={label}
      marks={Array.from({ length: decades + 1 }, (_, n) => [n / decades, decadeWords(10 ** (least + n))])}
      title={({ latency }) => sayLatency(latency)}
    >
      {buckets.map(({ at, latency: { p50_ms, p95_ms } }, place) => {
        if (p50_ms === null || p95_ms === null) return null;
        const [from, to] = [placeOf(p50_ms), placeOf(p95_ms)];
        const bar = { x: place * step + gap / 2, width: step - gap };
        return (
          <g key={at}>
            <rect {...bar} y={to} height={Math.max(2, from - to)} fill="var(--pb-t3)" />
            <rect {...bar} y={to - 1} height={2} fill="var(--pb-t4)" />
            <rect {...bar} y={from - 1} height={2} fill="var(--pb-t5)" />
          </g>
        );
      })}
    </Frame>
  );
}

/** Axes, lines, and the words of each bar on hover. Those who can't see it have the label, and the table. */
function Frame({
  buckets,
  label,
  marks,
  title,
  children,
}: Chart & {
  /** Place from the bottom (0–1), and what stands there. */
  marks: readonly (readonly [number, string])[];
  title: (bucket: HealthBucket) => string;
  children: ReactNode;
}) {
  const zone = useSession().account.time_zone;
  const width = buckets.length * step;
  const [first, second] = [buckets[0]!, buckets[1]!];
  const seconds = (Date.parse(second.at) - Date.parse(first.at)) / 1000;
  const form = seconds > 3_600 ? "day" : "time";
  const every = buckets.length === 60 ? 10 : 8;
  return (
    <div className="chart num">
      <div className="dim yaxis" style={{ height }} aria-hidden>
        {marks.map(([place, words]) => (
          <span key={place} style={{ bottom: `calc(${place * 100}% - 8px)` }}>
            {words}
          </span>
        ))}
      </div>
      <div>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          height={height}
          // a drawing made of data; an image element would need a file
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
          role="img"
          aria-label={label}
        >
          {marks.map(([place]) => (
            <line
              key={place}
              x1="0"
              x2={width}
              y1={(1 - place) * height}
              y2={(1 - place) * height}
              stroke={place === 0 ? "var(--pb-line-strong)" : "var(--pb-line)"}
              vectorEffect="non-scaling-stroke"
            />
          ))}
          {children}
          {buckets.map((bucket, place) => (
            <rect key={bucket.at} x={place * step} y="0" width={step} height={height} fill="transparent">
              <title>{`${showTime(bucket.at, zone)}: ${title(bucket)}`}</title>
            </rect>
          ))}
        </svg>
        <div className="dim xaxis" aria-hidden>
          {buckets
            .filter((_, at) => at % every === 0)
            .map(({ at }) => (
              <span key={at}>{showTime(at, zone, form)}</span>
            ))}
          <span className="xnow">now</span>
        </div>
      </div>
    </div>
  );
}

/** The first round number that is no less, whose half is round too where it is 10 or more. */
function niceMost(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].map((times) => times * power).find((nice) => nice >= most)!;
}

const decadeWords = (ms: number): string =>
  ms < 1_000 ? `${ms} ms` : ms < 60_000 ? `${ms / 1_000} s` : showDuration(ms);

export const sayLatency = ({ p50_ms, p95_ms }: ConnectHealth["latency"]): string =>
  p50_ms === null || p95_ms === null
    ? "no call"
    : `half took up to ${showDuration(p50_ms)}, 95 of 100 up to ${showDuration(p95_ms)}`;
