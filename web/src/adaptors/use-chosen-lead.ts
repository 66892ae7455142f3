import { useQuery } from "@tanstack/react-query";
import { showLead } from "../../../src/contracts/endpoints/leads.ts";
import { call } from "../api.ts";
import { useLatestLead } from "../ui/lead-picker.tsx";

/** The lead of the address, else the latest one. */
export function useChosenLead(id: number | null, choose: (id: number) => void) {
  const { lead: latest } = useLatestLead();
  const { data } = useQuery({
    queryKey: ["leads", "one", id],
    queryFn: ({ signal }) => call(showLead, { params: { id: id ?? 0 } }, signal),
    enabled: id !== null,
  });
  return { lead: id === null ? latest : (data ?? latest), chooseLead: (lead: { id: number }) => choose(lead.id) };
}
