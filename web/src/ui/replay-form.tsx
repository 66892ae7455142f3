import "./replay.css";
import { Button, Radio, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ReplayPreview } from "../../../src/contracts/endpoints/replays.ts";
import type { ReplayMode } from "../../../src/contracts/replay.ts";
import { wordsOf } from "../api.ts";
import { sayRefused } from "./ask-once.tsx";
import { Notice } from "./atoms.tsx";
import { Fault } from "./fault.tsx";
import { Differences } from "./rehearsal.tsx";
import { replayWords } from "./replay-words.tsx";
import { headOf, manyWords, particularsOf } from "./replay-preview-words.ts";
import { replayPreviewQuery, replaysQuery, startReplay, stopReplay, type ToReplay } from "./replay-queries.ts";
import { Side } from "./side.tsx";
import { say } from "./toast.tsx";

/** Beside the page: before many are sent again, how many, how, and what today's settings would change. */
export function ReplayDrawer({
  which,
  started,
  close,
}: {
  which: ToReplay;
  started?: (() => void) | undefined;
  close: () => void;
}) {
  return (
    <Side label="Send again" close={close}>
      <div className="dhead">
        <h2 className="dtitle" style={{ margin: 0 }}>
          Send again
        </h2>
        <span className="right">
          <button type="button" className="iconbtn" aria-label="Close" onClick={close}>
            <IconX size={18} aria-hidden />
          </button>
        </span>
      </div>
      <ReplayForm
        which={which}
        close={close}
        started={() => {
          started?.();
          close();
        }}
      />
    </Side>
  );
}

const paces = [
  { value: "", label: "As fast as the vendor takes them" },
  { value: "1", label: "1 a second" },
  { value: "5", label: "5 a second" },
  { value: "10", label: "10 a second" },
  { value: "50", label: "50 a second" },
  { value: "100", label: "100 a second" },
];
/** From here on a pace is proposed: what is new would wait behind all of them. */
const manyFrom = 100;

/** `first`: what is chosen when it appears; `started`: they go out again now. */
export function ReplayForm({
  which,
  first = "as_sent",
  started,
  close,
}: {
  which: ToReplay;
  first?: ReplayMode;
  started: () => void;
  close: () => void;
}) {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(replayPreviewQuery(which));
  const [mode, setMode] = useState(first);
  const [chosenPace, setPace] = useState<string | null>(null);
  const pace = chosenPace ?? (data && data.total > manyFrom ? "10" : "");
  const start = useMutation({
    mutationFn: () => startReplay(which, { mode, per_second: pace === "" ? null : Number(pace) }),
    onSuccess: async ({ count, replay_id: id }) => {
      if (id === null) sayRefused("Nothing is sent again", "None of them can be sent again any more.");
      else {
        const words = replayWords(id, data?.total ?? count, data?.waits ?? []);
        say(words, count > 1 ? { label: "Stop", act: () => void stop(id) } : undefined);
      }
      started();
      await queries.invalidateQueries({ queryKey: replaysQuery.queryKey });
      await queries.invalidateQueries({ queryKey: ["deliveries"] });
    },
  });
  const stop = async (id: number) => {
    await stopReplay(id);
    await queries.invalidateQueries({ queryKey: replaysQuery.queryKey });
  };
  if (error && !data)
    return (
      <div className="rpform">
        <Fault what="It could not be counted." error={error} again={() => void refetch()} />
      </div>
    );
  const total = data?.total ?? 0;
  const many = manyWords(total, data?.total_capped);
  return (
    <div className="rpform" aria-busy={data === undefined}>
      <div className="rhead">{data ? headOf(data) : "Counting …"}</div>
      {data && <Particulars found={data} />}
      <Radio.Group value={mode} onChange={(now) => setMode(now)} aria-label="With which payload">
        <div className="rpmodes">
          <Radio
            value="as_sent"
            label="As first sent"
            description="The bytes of the first time, to the address and with the credentials of today."
          />
          <Radio
            value="mapped_anew"
            label="With today’s settings"
            description="Mapped anew by today’s adaptor, from what was known of the lead then."
          />
        </div>
      </Radio.Group>
      {data && total > 0 && <WhatChanges found={data} />}
      {total > 1 && (
        <Select
          label="Pace"
          w={300}
          maw="100%"
          data={paces}
          value={pace}
          onChange={(now) => setPace(now ?? "")}
          description={pace === "" && total > manyFrom ? "What is new for the same vendor waits behind them." : null}
        />
      )}
      <div className="dim small">
        A vendor who took one may have it twice; it carries the same Idempotency-Key. What fails is tried again by
        schedule.
      </div>
      {start.error && (
        <div role="alert">
          <Notice o="failed">
            <b style={{ fontWeight: 600 }}>They were not sent again.</b> {wordsOf(start.error)}
          </Notice>
        </div>
      )}
      <div className="rpacts">
        <Button variant="default" onClick={close}>
          {total === 1 ? "Leave it" : "Leave them"}
        </Button>
        <Button loading={start.isPending} disabled={total === 0} onClick={() => start.mutate()}>
          {total === 0 ? "Send again" : `Send ${many} again`}
        </Button>
      </div>
    </div>
  );
}

/** Why fewer go than match, what waits all the same, and what vendors have already. */
function Particulars({ found }: { found: ReplayPreview }) {
  return particularsOf(found).map((words) => (
    <div key={words} className="dim small">
      {words}
    </div>
  ));
}

/** The difference between the two choices, before one is made. */
function WhatChanges({ found }: { found: ReplayPreview }) {
  const { compared, total, event_gone: gone, differences, counts } = found;
  const changed = counts.payloads + counts.vanish + counts.appear;
  return (
    <section className="rpchanges" aria-label="What today’s settings change">
      <div className="rpchead">
        <b>
          {compared === 0
            ? "They can’t be mapped anew"
            : changed === 0
              ? "Today’s settings change nothing"
              : `With today’s settings ${found.headline}`}
        </b>
        <div className="dim small">
          {compared > 0 && comparedWords(compared, total)}
          {gone > 0 && ` ${manyWords(gone)} can only go as first sent: what was known then is past its retention.`}
        </div>
      </div>
      <Differences differences={differences} sides={{ before: "First time", after: "Today" }} />
      {changed > differences.length && (
        <div className="dim small rpmore">The first {differences.length.toLocaleString("en")} are shown.</div>
      )}
    </section>
  );
}

function comparedWords(compared: number, total: number): string {
  if (compared < total) return `Compared: the first ${manyWords(compared)}. Nothing was sent.`;
  return compared === 1
    ? "It was compared. Nothing was sent."
    : `All ${manyWords(compared)} were compared. Nothing was sent.`;
}
