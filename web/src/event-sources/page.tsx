import "./event-sources.css";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { eventSources } from "../../../src/contracts/endpoints/workflows.ts";
import { call } from "../api.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Fault } from "../ui/fault.tsx";
import { LoadingPage } from "../ui/loading.tsx";
import { Time } from "../ui/time.tsx";

const sourcesQuery = queryOptions({
  queryKey: ["event-sources"],
  queryFn: ({ signal }) => call(eventSources, undefined, signal),
  refetchInterval: 10_000,
});

/** How a dialler tells what happens: the account's own URLs, ready to paste. */
export default function EventSources() {
  const { data, error, refetch } = useQuery(sourcesQuery);
  return (
    <>
      <div className="shead">
        <h2>Event sources</h2>
        <p>
          Workflows act on what your dialler tells. Let it call one of these addresses; leads and calls are kept from
          what it says.
        </p>
      </div>
      <div className="esources">
        {error && <Fault what="The addresses could not be read." error={error} again={() => void refetch()} />}
        {!data && !error && <LoadingPage />}
        {data && (
          <>
            <p className="elast">
              {data.last_event_at === null ? (
                <span className="dim">No event has come in yet. The first appears here by itself.</span>
              ) : (
                <>
                  The last event came <Time at={data.last_event_at} form="full" />.
                </>
              )}
            </p>
            <p className="t2 enote">
              In each, put an API token with the section <b>events</b> in the place of{" "}
              <code className="mono">YOUR_TOKEN</code>, and in the dialler’s URLs its name in the place of{" "}
              <code className="mono">TOKEN_NAME</code>.{" "}
              <Link className="lnk" to="/settings" search={{ tab: "tokens" }}>
                API tokens
              </Link>
            </p>
            <Source
              title="Any dialler: the events API"
              text={data.curl}
              copied={data.events_url}
              copyWords="Copy the URL"
            >
              One event, an array of up to 1,000, or a line each. Types are call.started, call.ended,
              call.dispositioned, call.redispositioned, callback.scheduled, hopper.expired, lead.viewed, email.opened,
              and your own beginning with x.
            </Source>
            <Source title="VICIdial: Start Call URL" text={data.vicidial_start_url}>
              In the campaign’s settings, field <b>Start Call URL</b>. It tells that a call started.
            </Source>
            <Source title="VICIdial: Dispo Call URL" text={data.vicidial_dispo_url}>
              In the same settings, field <b>Dispo Call URL</b>. It tells how the call ended and its disposition.
            </Source>
          </>
        )}
      </div>
    </>
  );
}

function Source({
  title,
  text,
  copied,
  copyWords,
  children,
}: {
  title: string;
  text: string;
  /** What a second button copies. */
  copied?: string;
  copyWords?: string;
  children: ReactNode;
}) {
  return (
    <section className="esource" aria-label={title}>
      <div className="esourcehead">
        <h3>{title}</h3>
        <span className="right">
          {copied !== undefined && copyWords !== undefined && <CopyButton text={copied} label={copyWords} />}
          <CopyButton text={text} label="Copy" />
        </span>
      </div>
      <p className="t2">{children}</p>
      <pre className="well code">{text}</pre>
    </section>
  );
}
