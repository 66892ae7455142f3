import "./logs.css";
import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { z } from "zod";
import { showLead } from "../../../src/contracts/endpoints/leads.ts";
import type { LeadSummary } from "../../../src/contracts/lead.ts";
import { call } from "../api.ts";
import { Fault } from "../ui/fault.tsx";
import { LeadPicker, leadName, useLatestLead } from "../ui/lead-picker.tsx";
import { useSession } from "../ui/session.ts";
import { showTime } from "../ui/time.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { Checks } from "./checks.tsx";
import { runsQuery, whyQuery } from "./queries.ts";
import { capital } from "./words.ts";

const WhyUrl = z.object({
  lead: z.coerce.number().int().positive().optional(),
  event: z.string().optional(),
  /** From a lead's timeline, which knows the run and not its event. */
  run: z.string().optional(),
});

/** Why did this not fire? For a lead and one of its events: the verdict, the fix, and every check in order. */
export function WhyTab() {
  const { id = "" } = useParams({ strict: false });
  const [url, setUrl] = useUrlState(WhyUrl);
  const latest = useLatestLead();
  const chosen = useChosenLead(url.lead);
  const lead = chosen ?? latest.lead;
  const leadId = url.lead ?? lead?.id;
  const { event, pending: lookingUp } = useEventOf(Number(id), leadId, url);
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...whyQuery(Number(id), leadId ?? 0, event),
    enabled: leadId !== undefined && !lookingUp,
  });
  const zone = useSession().account.time_zone;
  const navigate = useNavigate();
  return (
    <div className="wwhy">
      <div className="wask">
        <div className="wasklead">
          <span className="dim">For</span>
          <LeadPicker
            lead={lead}
            label="For lead"
            choose={(to) => setUrl({ lead: to.id, event: undefined, run: undefined })}
          />
        </div>
        {data && data.events.length > 0 && (
          <Select
            size="xs"
            className="waskevent"
            aria-label={`Event of ${lead ? leadName(lead) : "the lead"}`}
            data={data.events.map(({ id: value, says, at }) => ({
              value,
              label: `${showTime(at, zone)} · ${capital(says)}`,
            }))}
            value={data.event.id}
            onChange={(to) => setUrl({ lead: leadId, event: to, run: undefined })}
          />
        )}
      </div>
      {leadId === undefined && !latest.pending && (
        <p className="t2">There is no lead yet. Bring one in, then ask again.</p>
      )}
      {error && <Fault what="It could not be worked out." error={error} again={() => void refetch()} />}
      {data && !error && (
        <div aria-live="polite" style={{ opacity: isPlaceholderData ? 0.6 : 1 }}>
          <h2 className="verdict" tabIndex={-1}>
            {data.headline}
          </h2>
          <p className="t2" style={{ margin: "0 0 4px", fontSize: 13.5 }}>
            {capital(data.event.says)}
            {data.worked_out &&
              ". Worked out anew from the event and the workflow as it stood then: it was not asked at the time."}
          </p>
          {data.fix && (
            <div className="wfix">
              <span>
                <b>To make it fire:</b> {data.fix}
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
              search={{ show: "runs", lead: String(leadId ?? "") }}
            >
              Every decision for this lead
            </Link>
          </p>
        </div>
      )}
    </div>
  );
}

function useChosenLead(id: number | undefined): LeadSummary | null {
  const { data } = useQuery({
    queryKey: ["leads", "one", id],
    queryFn: ({ signal }) => call(showLead, { params: { id: id } }, signal),
    enabled: id !== undefined,
  });
  return data ?? null;
}

/** The event asked about: named, or that of the named run; undefined: the lead's latest. */
function useEventOf(workflow: number, lead: number | undefined, { event, run }: z.output<typeof WhyUrl>) {
  const asked = run !== undefined && event === undefined && lead !== undefined;
  const { data, isPending } = useQuery({
    ...runsQuery({ workflow: workflow, lead_id: lead, limit: 200 }),
    enabled: asked,
  });
  return {
    event: event ?? data?.items.find(({ id }) => id === run)?.event.id,
    pending: asked && isPending,
  };
}
