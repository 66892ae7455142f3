import { useQuery } from "@tanstack/react-query";
import type { DeliveryState, Outcome } from "../../../src/contracts/outcome.ts";
import type { OutcomeName } from "../theme.ts";
import { Glyph, outcomeLook } from "../ui/outcome.tsx";
import type { ChangeLogUrl, LogFilter, LogUrl } from "./filter.ts";
import { countsQuery } from "./queries.ts";

type Chip = { o: OutcomeName; word: string; outcome?: Outcome; state?: DeliveryState; rare?: boolean };
const chips: readonly Chip[] = [
  { o: "accepted", word: "Accepted", outcome: "accepted" },
  { o: "rejected", word: "Rejected", outcome: "rejected" },
  { o: "duplicate", word: "Duplicate", outcome: "duplicate", rare: true },
  { o: "failed", word: "Failed", outcome: "failed" },
  { o: "waiting", word: "Waiting", state: "waiting" },
  { o: "retrying", word: "Sending", state: "sending", rare: true },
  { o: "held", word: "Held", state: "held" },
  { o: "discarded", word: "Discarded", outcome: "discarded", rare: true },
];
const bound = 10_000;

/** How many there are of each, and the way to see only those. Counts stop at 10,000, where counting would take long. */
export function OutcomeChips({ url, filter, change }: { url: LogUrl; filter: LogFilter; change: ChangeLogUrl }) {
  const { data } = useCounts(url, filter);
  const count = ({ outcome, state }: Chip) => data?.[(outcome ?? state) as keyof typeof data];
  const all = data && Object.values(data).reduce((sum, each) => sum + each, 0);
  const anyBound = data && Object.values(data).some((each) => each >= bound);
  return (
    <fieldset className="chips">
      <legend className="sr">Outcome</legend>
      <button
        type="button"
        aria-pressed={!url.outcome && !url.state}
        onClick={() => change({ outcome: undefined, state: undefined, cursor: undefined })}
      >
        <span>All</span>
        <span className="n">{all === undefined ? "" : countWords(all, anyBound)}</span>
      </button>
      {chips
        .filter((chip) => !chip.rare || (count(chip) ?? 0) > 0 || isOn(chip, url))
        .map((chip) => (
          <button
            key={chip.word}
            type="button"
            aria-pressed={isOn(chip, url)}
            onClick={() => change({ outcome: chip.outcome, state: chip.state, cursor: undefined })}
          >
            <Glyph o={chip.o} size={14} />
            <span>{chip.word || outcomeLook[chip.o].word}</span>
            <span className="n">{countWords(count(chip))}</span>
          </button>
        ))}
    </fieldset>
  );
}

/** Where the rows stand still, so do the counts above them. */
const useCounts = (url: LogUrl, filter: LogFilter) =>
  useQuery({ ...countsQuery(filter), ...(url.live === "off" ? { refetchInterval: false as const } : {}) });

/** How many match the whole filter, as far as they were counted. */
export function useMatching(url: LogUrl, filter: LogFilter): string {
  const { data } = useCounts(url, filter);
  if (!data) return "";
  const named = url.outcome ?? (url.state === "settled" ? undefined : url.state);
  if (named) return countWords(data[named]);
  const all = Object.values(data).reduce((sum, each) => sum + each, 0);
  return countWords(
    all,
    Object.values(data).some((each) => each >= bound),
  );
}

const isOn = (chip: Chip, url: LogUrl): boolean =>
  (url.outcome !== undefined || url.state !== undefined) && url.outcome === chip.outcome && url.state === chip.state;

function countWords(count: number | undefined, more = count !== undefined && count >= bound): string {
  if (count === undefined) return "";
  return `${count.toLocaleString("en")}${more ? "+" : ""}`;
}
