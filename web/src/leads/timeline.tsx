import "./timeline.css";
import { Button, SegmentedControl } from "@mantine/core";
import {
  IconCheck,
  IconClock,
  IconMail,
  IconPencil,
  IconPhone,
  IconPhoneCalling,
  IconRoute,
  IconUserPlus,
  IconX,
} from "@tabler/icons-react";
import { infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, useMemo, useState, type ReactNode } from "react";
import { z } from "zod";
import { leadTimeline, type TimelineEntry } from "../../../src/contracts/endpoints/workflows.ts";
import type { Lead } from "../../../src/contracts/lead.ts";
import type { Delivery } from "../../../src/contracts/delivery.ts";
import { call } from "../api.ts";
import { DeliveryResult, standingOf, standingWord } from "../ui/delivery-standing.tsx";
import { Fault } from "../ui/fault.tsx";
import { Glyph, outcomeLook } from "../ui/outcome.tsx";
import { useMay, useSession } from "../ui/session.ts";
import { showTime, Time } from "../ui/time.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import type { OutcomeName } from "../theme.ts";
import { leadDeliveriesQuery } from "./queries.ts";
import { WhyDrawer } from "./why-drawer.tsx";

const timelineQuery = (id: number) =>
  infiniteQueryOptions({
    // under `deliveries`, so that what sends a lead or retries refreshes it too
    queryKey: ["deliveries", "lead", id, "timeline"],
    queryFn: ({ signal, pageParam }) =>
      call(
        leadTimeline,
        { params: { id }, query: { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.items.some((entry) => entry.state === "sending" || entry.state === "waiting")
        ? 1000
        : 5_000,
  });

const views = ["all", "deliveries", "workflows", "events"] as const;
const Search = z.object({
  view: z.enum(views).default("all"),
  /** Why did this not fire: of which workflow (0: the first), for which event or run. */
  why: z.coerce.number().int().min(0).optional(),
  event: z.string().optional(),
  run: z.string().optional(),
});
type Ask = (asked: { why: number; event?: string; run?: string }) => void;
const kindsOf: Record<(typeof views)[number], readonly TimelineEntry["kind"][]> = {
  all: ["event", "run", "action", "delivery"],
  deliveries: ["delivery"],
  workflows: ["run", "action"],
  events: ["event"],
};

/** Everything that happened to a lead, newest first. */
export function LeadTimeline({ lead }: { lead: Lead }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    timelineQuery(lead.id),
  );
  const [{ view, why, event, run }, setUrl] = useUrlState(Search);
  const ask: Ask = (asked) => setUrl(asked, { replace: false });
  const zone = useSession().account.time_zone;
  const maySend = useMay("operator");
  const [today] = useState(() => showTime(new Date().toISOString(), zone, "day"));
  const deliveries = useDeliveries(lead.id);
  const loaded = data?.pages.flatMap(({ items }) => items);
  const entries = loaded?.filter(({ kind }) => kindsOf[view].includes(kind)) ?? [];
  return (
    <>
      <div className="lhead">
        <h2>Timeline</h2>
        <span className="right">
          <SegmentedControl
            size="xs"
            aria-label="What is shown"
            data={[
              { value: "all", label: "Everything" },
              { value: "deliveries", label: "Deliveries" },
              { value: "workflows", label: "Workflows" },
              { value: "events", label: "Events" },
            ]}
            value={view}
            onChange={(to) => setUrl({ view: to === "all" ? undefined : to })}
          />
        </span>
      </div>
      {error && <Fault what="The timeline could not be loaded." error={error} again={() => void refetch()} />}
      {loaded && entries.length === 0 && (
        <p className="t2" style={{ fontSize: 13.5, margin: "4px 0" }}>
          {loaded.length === 0 || view === "all"
            ? "Nothing happened to this lead yet."
            : `None of its last ${loaded.length} happenings.`}
          {maySend && view !== "events" && " “Send through connect…” sends it to a vendor."}
        </p>
      )}
      <ol className="tline">
        {entries.map((entry, index) => {
          const day = showTime(entry.at, zone, "day");
          const before = entries[index - 1];
          return (
            <Fragment key={`${entry.kind} ${entry.id}`}>
              {(!before || showTime(before.at, zone, "day") !== day) && (
                <li className="tday">
                  <h3>{day === today ? `Today, ${day}` : day}</h3>
                </li>
              )}
              <Line entry={entry} delivery={deliveries.get(entry.id)} ask={ask} />
            </Fragment>
          );
        })}
      </ol>
      {hasNextPage && (
        <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Older
        </Button>
      )}
      {why !== undefined && (
        <WhyDrawer lead={lead.id} workflow={why} event={event} run={run} change={(patch) => setUrl(patch)} />
      )}
    </>
  );
}

/** The deliveries themselves, for how they stand and what came back. */
function useDeliveries(lead: number): ReadonlyMap<string, Delivery> {
  const { data } = useQuery(leadDeliveriesQuery(lead));
  return useMemo(() => new Map(data?.items.map((delivery) => [delivery.id, delivery])), [data]);
}

function Line({ entry, delivery, ask }: { entry: TimelineEntry; delivery: Delivery | undefined; ask: Ask }) {
  return (
    <li data-kind={entry.kind}>
      <Time at={entry.at} form="time" />
      <span className="tmark">{delivery ? <Glyph o={standingOf(delivery)} /> : <Sign entry={entry} />}</span>
      <div style={{ minWidth: 0 }}>
        <div className="ttitle">
          <Title entry={entry} />
        </div>
        {delivery ? (
          <WhatCameBack delivery={delivery} />
        ) : (
          entry.detail && (
            <div className="tdetail">
              <WithTimes text={entry.detail} />
            </div>
          )
        )}
      </div>
      <Onward entry={entry} ask={ask} />
    </li>
  );
}

function WhatCameBack({ delivery }: { delivery: Delivery }) {
  const o = standingOf(delivery);
  const quiet = o === "accepted" || o === "held" || o === "waiting";
  return (
    <div className="tdetail">
      <span style={quiet ? undefined : { color: `var(--pb-${o})`, fontWeight: 500 }}>{standingWord(delivery)}</span>
      <span className="dim"> · </span>
      <DeliveryResult delivery={delivery} />
      {delivery.attempts > 1 && <span className="dim"> · {delivery.attempts} attempts</span>}
    </div>
  );
}

function Title({ entry }: { entry: TimelineEntry }): ReactNode {
  const { kind, title, workflow, connect, state } = entry;
  if (kind === "delivery" && connect && title.includes(connect.name)) {
    const [before, after] = splitAt(title, connect.name);
    return (
      <>
        {before === "To " ? "Delivery to " : before}
        <Link className="lnk" to="/connects/$id" params={{ id: String(connect.id) }}>
          {connect.name}
        </Link>
        {after}
      </>
    );
  }
  if (workflow === null) return title;
  const link = (
    <Link className="lnk" to="/workflows/$id" params={{ id: String(workflow.id) }}>
      {workflow.name}
    </Link>
  );
  if (kind === "run")
    return (
      <>
        Workflow {link} {state === "fired" ? "fired" : "did not fire"}
      </>
    );
  return (
    <>
      {title}
      <span className="dim" style={{ fontWeight: 450 }}>
        {" "}
        {state === "done" ? "" : `${state} `}by {link}
      </span>
    </>
  );
}

const splitAt = (text: string, at: string): [string, string] => {
  const place = text.lastIndexOf(at);
  return [text.slice(0, place), text.slice(place + at.length)];
};

/** Instants within a text, as the account's clock shows them. */
function WithTimes({ text }: { text: string }) {
  return text.split(/(\d{4}-\d\d-\d\dT[\d:.]+Z)/).map((part, place) =>
    // the parts of one text never change places
    // oxlint-disable-next-line react/no-array-index-key
    /^\d{4}-\d\d-\d\dT/.test(part) ? <Time key={place} at={part} /> : <Fragment key={place}>{part}</Fragment>,
  );
}

const ofAction: Readonly<Record<string, OutcomeName>> = {
  pending: "waiting",
  skipped: "discarded",
  failed: "failed",
};

function Sign({ entry }: { entry: TimelineEntry }) {
  const { kind, state, title } = entry;
  const quiet = { size: 15, stroke: 1.9, className: "dim", "aria-hidden": true } as const;
  if (kind === "delivery") {
    const o = state !== null && state in outcomeLook ? (state as OutcomeName) : "waiting";
    return <Glyph o={o} />;
  }
  if (kind === "run")
    return state === "fired" ? (
      <IconCheck size={16} stroke={2.2} style={{ color: "var(--pb-accent)" }} aria-hidden />
    ) : (
      <IconX {...quiet} stroke={2.2} />
    );
  if (kind === "action") {
    const o = ofAction[state ?? ""];
    return o ? <Glyph o={o} /> : <IconRoute {...quiet} />;
  }
  if (/call started/i.test(title)) return <IconPhoneCalling {...quiet} />;
  if (/call|disposition/i.test(title)) return <IconPhone {...quiet} />;
  if (/created/i.test(title)) return <IconUserPlus {...quiet} />;
  if (/saved|changed|status/i.test(title)) return <IconPencil {...quiet} />;
  if (/mail/i.test(title)) return <IconMail {...quiet} />;
  return <IconClock {...quiet} />;
}

/** View, Why?: what leads on. */
function Onward({ entry, ask }: { entry: TimelineEntry; ask: Ask }) {
  const { kind, id, title, workflow } = entry;
  if (kind === "delivery")
    return (
      <Link className="lnk" to="/deliveries/$id" params={{ id }} aria-label={`View: ${title}`}>
        View
      </Link>
    );
  if (kind === "action") return <span />;
  const asked = kind === "run" && workflow ? { why: workflow.id, run: id } : { why: 0, event: id };
  return (
    <button type="button" className="lnk" aria-label={`Why? ${title}`} onClick={() => ask(asked)}>
      Why?
    </button>
  );
}
