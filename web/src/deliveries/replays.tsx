import "../ui/replay.css";
import { Button, Progress } from "@mantine/core";
import { useSessionStorage } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Replay } from "../../../src/contracts/replay.ts";
import { wordsOf } from "../api.ts";
import type { OutcomeName } from "../theme.ts";
import { Glyph, Outcome } from "../ui/outcome.tsx";
import { manyWords } from "../ui/replay-preview-words.ts";
import { replaysQuery, stopReplay } from "../ui/replay-queries.ts";
import { useMay } from "../ui/session.ts";
import { Time } from "../ui/time.tsx";
import { deliveriesKey } from "./queries.ts";

/** How long one that has ended stays to be seen. */
const shownMs = 10 * 60_000;

/** What is being sent again, and how far it is; it goes on when this page is closed. */
export function Replays({ connect }: { connect?: number | undefined }) {
  const { data, dataUpdatedAt } = useQuery(replaysQuery);
  const [closed, setClosed] = useSessionStorage<readonly number[]>({ key: "replays-closed", defaultValue: [] });
  const shown = (data?.items ?? []).filter(
    (replay) =>
      (connect === undefined || (replay.connect?.id ?? replay.filter?.connect) === connect) &&
      (replay.ended_at === null || dataUpdatedAt - Date.parse(replay.ended_at) < shownMs) &&
      !closed.includes(replay.id),
  );
  useRefreshAtEnd(shown);
  if (shown.length === 0) return null;
  return (
    <ul className="replays" aria-label="Replays">
      {shown.map((replay) => (
        <ReplayLine key={replay.id} replay={replay} at={dataUpdatedAt} hide={() => setClosed([...closed, replay.id])} />
      ))}
    </ul>
  );
}

function ReplayLine({ replay, at, hide }: { replay: Replay; at: number; hide: () => void }) {
  const queries = useQueryClient();
  const mayStop = useMay("operator");
  const stop = useMutation({
    mutationFn: () => stopReplay(replay.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: replaysQuery.queryKey }),
  });
  const running = replay.state === "running";
  const total = Math.max(replay.total, replay.moved + replay.skipped);
  return (
    <li>
      <div className="rphead">
        <b>{stateWords(replay)}</b>{" "}
        <span className="dim">
          {whatWords(replay)} · {replay.mode === "as_sent" ? "as first sent" : "with today’s settings"}
          {replay.per_second !== null && ` · ${replay.per_second.toLocaleString("en")} a second at most`} ·{" "}
          {replay.created_by}, <Time at={replay.created_at} />
        </span>
      </div>
      {running ? (
        mayStop && (
          <Button size="xs" variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            Stop
          </Button>
        )
      ) : (
        <button type="button" className="iconbtn" aria-label={`Hide: ${stateWords(replay)}`} onClick={hide}>
          <IconX size={16} aria-hidden />
        </button>
      )}
      {running && (
        <Progress
          className="rpbar"
          size={6}
          value={total === 0 ? 0 : (100 * (replay.moved + replay.skipped)) / total}
          aria-label={`${manyWords(replay.moved)} of ${manyWords(total, replay.total_capped)} sent again`}
        />
      )}
      <div className="rpline">
        <span>
          {manyWords(replay.moved)} of {manyWords(total, replay.total_capped)}{" "}
          {isOnlyDue(replay) ? "due again" : "sent again"}
          {running && rateWords(replay, at)}
        </span>
        {outcomes.map(
          (o) =>
            replay.outcomes[o] > 0 && <Outcome key={o} o={o} quiet word={`${manyWords(replay.outcomes[o])} ${o}`} />,
        )}
        {replay.owed > 0 && <Outcome o="waiting" quiet word={`${manyWords(replay.owed)} not ended yet`} />}
        {replay.skipped > 0 && <span>{manyWords(replay.skipped)} left as they were</span>}
      </div>
      {replay.note && <div className="rpline dim">{replay.note}</div>}
      {stop.error && (
        <div className="rpline" role="alert" style={{ color: "var(--pb-failed)" }}>
          <Glyph o="failed" /> It was not stopped. {wordsOf(stop.error)}
        </div>
      )}
    </li>
  );
}

const outcomes = ["accepted", "rejected", "duplicate", "failed", "discarded"] as const satisfies OutcomeName[];

function stateWords(replay: Replay): string {
  if (replay.state === "running") return "Sending again";
  if (replay.state === "cancelled") return "Stopped";
  if (replay.moved === 0) return "Nothing was sent again";
  return isOnlyDue(replay) ? "Due again" : "Sent again";
}

/** Made due, and none has ended: where their connect is off or paused, none is sent either. */
const isOnlyDue = ({ state, moved, owed }: Replay): boolean => state === "done" && moved > 0 && owed === moved;

function whatWords({ connect, filter, chosen }: Replay): string {
  if (chosen !== null) return `${manyWords(chosen)} chosen${connect ? ` of ${connect.name}` : ""}`;
  const named = [filter?.outcome ?? filter?.state, filter?.diagnosis && "for their settings"].filter(Boolean).join(" ");
  return [connect?.name ?? "Several connects", named].filter((part) => part !== "").join(", ");
}

/** On the average since it began. */
function rateWords({ moved, created_at }: Replay, at: number): string {
  const seconds = (at - Date.parse(created_at)) / 1000;
  if (moved === 0 || seconds < 1) return "";
  const rate = moved / seconds;
  return `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en")} a second`;
}

/** When the last one ends, the rows below are read once more. */
function useRefreshAtEnd(shown: readonly Replay[]): void {
  const queries = useQueryClient();
  const underWay = shown.filter(({ state, owed }) => state === "running" || owed > 0).length;
  useEffect(() => {
    if (underWay === 0) void queries.invalidateQueries({ queryKey: deliveriesKey });
  }, [underWay, queries]);
}
