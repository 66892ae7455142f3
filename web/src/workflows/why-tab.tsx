import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { z } from "zod";
import { showLead } from "../../../src/contracts/endpoints/leads.ts";
import type { LeadSummary } from "../../../src/contracts/lead.ts";
import { call } from "../api.ts";
import { LeadPicker, useLatestLead } from "../ui/lead-picker.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { WhyNot } from "../ui/why-not.tsx";

const WhyUrl = z.object({
  lead: z.coerce.number().int().positive().optional(),
  event: z.string().optional(),
});

/** Why did this not fire? For a lead that is chosen here, and one of its events. */
export function WhyTab() {
  const { id = "" } = useParams({ strict: false });
  const [url, setUrl] = useUrlState(WhyUrl);
  const latest = useLatestLead();
  const lead = useChosenLead(url.lead) ?? latest.lead;
  const leadId = url.lead ?? lead?.id;
  if (leadId === undefined)
    return (
      <div className="wwhy">
        {!latest.pending && <p className="t2">There is no lead yet. Bring one in, then ask.</p>}
      </div>
    );
  return (
    <div className="wwhy">
      <WhyNot
        asked={{ workflow: Number(id), lead: leadId, event: url.event, run: undefined }}
        chooseEvent={(event) => setUrl({ lead: leadId, event })}
        before={
          <div className="wasklead">
            <span className="dim">For</span>
            <LeadPicker lead={lead} label="For lead" choose={(to) => setUrl({ lead: to.id, event: undefined })} />
          </div>
        }
      />
    </div>
  );
}

function useChosenLead(id: number | undefined): LeadSummary | null {
  const { data } = useQuery({
    queryKey: ["leads", "one", id],
    queryFn: ({ signal }) => call(showLead, { params: { id } }, signal),
    enabled: id !== undefined,
  });
  return data ?? null;
}
