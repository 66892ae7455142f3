import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { Attempt, DeliveryStory } from "../../../src/contracts/delivery.ts";
import { wordsOf } from "../api.ts";
import { Notice, TestTag } from "../ui/atoms.tsx";
import { Broken } from "../ui/broken.tsx";
import { DeliveryOutcome } from "../ui/delivery-standing.tsx";
import { LoadingPage } from "../ui/loading.tsx";
import { useMay } from "../ui/session.ts";
import { ReplayForm } from "../ui/replay-form.tsx";
import { sentence } from "../ui/sentence.ts";
import { settingWords } from "../ui/setting-names.ts";
import { Words } from "../ui/words.tsx";
import { Attempts } from "./attempts.tsx";
import { Exchange } from "./exchange.tsx";
import { storyQuery } from "./queries.ts";
import "./story.css";
import { RetryPlan } from "./retry-plan.tsx";
import { useRetryOne } from "./retry.ts";
import { StoryLinks } from "./story-links.tsx";

/** The whole story: verdict, what to do, then the proof. `focused`: the verdict takes the cursor, in the drawer. */
export function Story({ id, focused = false }: { id: string; focused?: boolean }) {
  const { data, error, refetch } = useQuery(storyQuery(id));
  const [number, setNumber] = useState<number | null>(null);
  if (error && !data) return <Broken error={error} reset={() => void refetch()} />;
  if (!data) return <LoadingPage />;
  const attempt = data.attempts_log.find((each) => each.number === number) ?? data.attempts_log.at(-1);
  return (
    <>
      <Verdict story={data} focused={focused} />
      <div className="vgrid">
        <div>
          <Proof attempt={attempt} story={data} />
        </div>
        <div>
          <Attempts attempts={data.attempts_log} at={attempt?.number} choose={setNumber} />
          <RetryPlan story={data} />
          <StoryLinks story={data} />
        </div>
      </div>
    </>
  );
}

function Verdict({ story, focused }: { story: DeliveryStory; focused: boolean }) {
  const verdict = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focused) verdict.current?.focus();
  }, [focused]);
  const { diagnosis, headline } = story;
  return (
    <div className="vh">
      <span style={{ display: "flex", gap: 8, alignItems: "center" }}>
        <DeliveryOutcome delivery={story} pill />
        {story.test && <TestTag />}
      </span>
      <h2 className="verdict" ref={verdict} tabIndex={-1} data-autofocus={focused || undefined}>
        <Words text={headline} />
      </h2>
      {diagnosis && diagnosis.message !== headline && (
        <div className="t2" style={{ fontSize: 13.5 }}>
          <Words text={sentence(diagnosis.message)} />
        </div>
      )}
      {story.maybe_sent_twice && (
        <div className="remark" style={{ color: "var(--pb-retrying)" }}>
          The vendor may have received it more than once: an answer was lost on the way. Each time it carried the same
          Idempotency-Key.
        </div>
      )}
      {story.remark === "out_of_order" && (
        <div className="remark" style={{ color: "var(--pb-retrying)" }}>
          {orderWords(story)}
        </div>
      )}
      <WhatToDo story={story} />
    </div>
  );
}

/** The vendor has it, after later ones; or it is still owed, or failed, while they went ahead. */
function orderWords({ state, outcome }: DeliveryStory): string {
  const why = "It kept this lead’s next deliveries waiting too long, so they";
  if (state !== "settled") return `${why} go ahead of it.`;
  const took = outcome === "accepted" || outcome === "rejected" || outcome === "duplicate";
  return took ? `Sent out of order: it${why.slice(2)} went ahead of it.` : `${why} went ahead of it.`;
}

function WhatToDo({ story }: { story: DeliveryStory }) {
  const retry = useRetryOne(story);
  const [comparing, setComparing] = useState(false);
  const navigate = useNavigate();
  const { connect, connect_deleted: deleted, adaptor } = story;
  // what was accepted all the same needs nothing
  const diagnosis = story.outcome === "accepted" ? null : story.diagnosis;
  const freeing = freeingWords(story);
  const mayRetry = useMay("operator") && !story.test && !freeing && !deleted && story.state !== "sending";
  // a test of settings that were never saved has no connect to open, nor has what a deleted one left
  const setting = connect.id === null || deleted ? undefined : diagnosis?.setting;
  if (!diagnosis && !mayRetry && !freeing && !deleted) return null;
  const open = (search: { setting?: string }) =>
    void navigate({ to: "/connects/$id", params: { id: String(connect.id) }, search });
  return (
    <>
      <div className="vfix">
        <div style={{ flex: 1 }}>
          {deleted ? (
            <span className="t2">{connect.name} was deleted, so there is nowhere to send it.</span>
          ) : freeing || diagnosis ? (
            <>
              <b style={{ fontWeight: 600 }}>What to do:</b>{" "}
              {freeing ?? <Words text={sentence(diagnosis?.fix ?? "")} />}
            </>
          ) : (
            <span className="t2">{quietWords(story)}</span>
          )}
        </div>
        <div className="vacts">
          {freeing && <Button onClick={() => open({})}>Open {connect.name}</Button>}
          {!freeing && setting === "adaptor_id" && adaptor && (
            <Button onClick={() => void navigate({ to: "/adaptors/$id", params: { id: String(adaptor.id) } })}>
              Open {adaptor.name}
            </Button>
          )}
          {!freeing && setting && !(setting === "adaptor_id" && adaptor) && (
            <Button onClick={() => open({ setting })}>Open {settingWords(setting)}</Button>
          )}
          {mayRetry && (
            <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
              {story.state === "settled" ? "Retry" : "Retry now"}
            </Button>
          )}
          {mayRetry && (
            <Button variant="subtle" aria-expanded={comparing} onClick={() => setComparing(!comparing)}>
              Today’s settings…
            </Button>
          )}
        </div>
      </div>
      {comparing && (
        <div className="vcompare">
          <ReplayForm
            which={{ ids: [story.id] }}
            first="mapped_anew"
            close={() => setComparing(false)}
            started={() => setComparing(false)}
          />
        </div>
      )}
      {retry.error && (
        <div role="alert" style={{ marginTop: 8 }}>
          <Notice o="failed">{wordsOf(retry.error)}</Notice>
        </div>
      )}
    </>
  );
}

/** What lets it go, where the connect itself holds it: no retry helps before that. One hold may stand behind another. */
function freeingWords({ holds, held_because, connect }: DeliveryStory): string | null {
  const off = holds.includes("connect_off");
  const paused = holds.includes("paused");
  if (off && paused) return `Switch ${connect.name} on and resume it, and it goes out.`;
  if (holds.includes("breaker"))
    return `See on ${connect.name} why it paused itself, and what ends that${off ? "; it is off as well" : ""}.`;
  if (held_because === "credentials" || held_because === "answer_lost")
    return paused ? `Resume ${connect.name} first: until then it can’t be sent again.` : null;
  if (off) return `Switch ${connect.name} on, and it goes out.`;
  return paused ? `Resume ${connect.name}, and it goes out.` : null;
}

const quietWords = (story: DeliveryStory): string =>
  story.state === "settled" ? "Nothing to do. It can be sent again if the vendor asks for it." : "Nothing to do.";

function Proof({ attempt, story }: { attempt: Attempt | undefined; story: DeliveryStory }) {
  if (!attempt)
    return (
      <p className="dim" style={{ margin: 0, fontSize: 13 }}>
        {story.state === "settled" ? "Nothing was sent." : "Nothing was sent yet."}
      </p>
    );
  const last = attempt.number === story.attempts_log.at(-1)?.number;
  return (
    <>
      {!last && (
        <div style={{ marginBottom: 12 }}>
          <Notice>You see attempt {attempt.number}, not the last one.</Notice>
        </div>
      )}
      {attempt.calls.map((call, place) => (
        // the calls of an attempt never change places
        // oxlint-disable-next-line react/no-array-index-key
        <Exchange
          key={place}
          call={call}
          name={attempt.calls.length > 1 ? `call ${place + 1}` : ""}
          failed={attempt.outcome !== "accepted"}
        />
      ))}
      <ResultLine attempt={attempt} />
    </>
  );
}

function ResultLine({ attempt }: { attempt: Attempt }) {
  return (
    <div className="dim" style={{ fontSize: 12.5, marginTop: 8 }}>
      Result{" "}
      {attempt.result === null ? (
        <span className="mono null" style={{ color: "var(--pb-failed)" }}>
          null
        </span>
      ) : (
        <span className="mono" style={{ color: "var(--mantine-color-text)", overflowWrap: "anywhere" }}>
          {attempt.result === "" ? "(empty)" : attempt.result}
        </span>
      )}
      {attempt.result === null && attempt.diagnosis && (
        <>
          {" because: "}
          <Words text={sentence(attempt.diagnosis.message)} />
        </>
      )}
      {attempt.notes.map((note) => (
        <div key={note}>{note}</div>
      ))}
    </div>
  );
}
