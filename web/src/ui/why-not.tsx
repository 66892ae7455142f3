import "./why-not.css";
import { Button, Select } from "@mantine/core";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { listRuns, whyNot } from "../../../src/contracts/endpoints/workflows.ts";
import { call } from "../api.ts";
import { Checks } from "./checks.tsx";
import { Fault } from "./fault.tsx";
import { sentence } from "./sentence.ts";
import { useSession } from "./session.ts";
import { showTime } from "./time.tsx";
import { workflowsKey } from "./workflow-choices.ts";

const whyQuery = (workflow: number, lead: number, event: string | undefined) =>
  queryOptions({
    queryKey: [...workflowsKey, workflow, "why", lead, event ?? null],
    queryFn: ({ signal }) =>
      call(
        whyNot,
        // the id comes from an address: what can't be one is refused by the server, in words
        { params: { id: workflow }, body: { lead_id: lead, ...(event === undefined ? {} : { event_id: event }) } },
        signal,
      ),
    placeholderData: keepPreviousData,
    retry: false,
  });

type Asked = {
  readonly workflow: number;
  readonly lead: number;
  /** undefined: the lead's latest, or that of the run. */
  readonly event: string | undefined;
  /** From a lead's timeline, which knows the run and not its event. */
  readonly run: string | undefined;
};

/** Why a workflow did or did not fire for an event of a lead: the verdict, the fix, and every check in order. */
export function WhyNot({
  asked,
  chooseEvent,
  before,
}: {
  asked: Asked;
  chooseEvent: (event: string) => void;
  /** What else is chosen, beside the event. */
  before: ReactNode;
}) {
  const { workflow, lead } = asked;
  const { event, pending } = useEventOf(asked);
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...whyQuery(workflow, lead, event),
    enabled: !pending,
  });
  const zone = useSession().account.time_zone;
  const navigate = useNavigate();
  const id = String(workflow);
  return (
    <>
      <div className="wask">
        {before}
        {data && data.events.length > 0 && (
          <Select
            size="xs"
            className="waskevent"
            aria-label="Event of the lead"
            data={data.events.map(({ id: value, says, at }) => ({
              value,
              label: `${showTime(at, zone)} · ${capital(says)}`,
            }))}
            value={data.event.id}
            onChange={(to) => to && chooseEvent(to)}
          />
        )}
      </div>
      {error && <Fault what="It could not be worked out." error={error} again={() => void refetch()} />}
      {data && !error && (
        <div aria-live="polite" style={{ opacity: isPlaceholderData ? 0.6 : 1 }}>
          <h2 className="verdict">{data.headline}</h2>
          <p className="t2" style={{ margin: "0 0 4px", fontSize: 13.5 }}>
            {capital(data.event.says)}
            {data.worked_out &&
              ". Worked out anew from the event and the workflow as it stood then: it was not asked at the time."}
          </p>
          {data.fix && (
            <div className="wfix">
              <span>
                <b>To make it fire:</b> {sentence(data.fix)}
              </span>
              <Button
                size="xs"
                variant="default"
                onClick={() => void navigate({ to: "/workflows/$id", params: { id } })}
              >
                Open the settings
              </Button>
            </div>
          )}
          <Checks checks={data.checks} />
          <p style={{ fontSize: 13 }}>
            <Link
              className="lnk"
              to="/workflows/$id/logs"
              params={{ id }}
              search={{ show: "runs", lead: String(lead) }}
            >
              Every decision for this lead
            </Link>
          </p>
        </div>
      )}
    </>
  );
}

/** The words as the beginning of a sentence. */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function useEventOf({ workflow, lead, event, run }: Asked) {
  const asked = run !== undefined && event === undefined;
  const { data, isPending } = useQuery({
    queryKey: [...workflowsKey, "runs", "of lead", workflow, lead],
    queryFn: ({ signal }) => call(listRuns, { query: { workflow, lead_id: lead, limit: 200 } }, signal),
    enabled: asked,
  });
  return { event: event ?? data?.items.find(({ id }) => id === run)?.event.id, pending: asked && isPending };
}
