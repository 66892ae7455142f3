import { IconClock } from "@tabler/icons-react";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ActionEntry } from "../../../src/contracts/endpoints/workflows.ts";
import { flushActions, listActions, runActionNow } from "../../../src/contracts/endpoints/workflows.ts";
import { call } from "../api.ts";
import { sayRefused } from "../ui/ask-once.tsx";
import { useMay } from "../ui/session.ts";
import { Time } from "../ui/time.tsx";
import { say } from "../ui/toast.tsx";

const pendingQuery = (id: number) =>
  queryOptions({
    queryKey: ["deliveries", "lead", id, "next"],
    queryFn: ({ signal }) => call(listActions, { query: { lead_id: id, state: "pending", limit: 50 } }, signal),
    refetchInterval: 5_000,
  });

/** What workflows will do with the lead next; nothing when there is nothing. */
export function LeadNext({ lead }: { lead: number }) {
  const { data } = useQuery(pendingQuery(lead));
  const queries = useQueryClient();
  const operator = useMay("operator");
  const refresh = () => queries.invalidateQueries({ queryKey: ["deliveries", "lead", lead] });
  const run = useMutation({
    mutationFn: (id: string) => call(runActionNow, { params: { id } }),
    onSuccess: async () => {
      say("It is due now.");
      await refresh();
    },
    onError: (error) => sayRefused("The action is not carried out", error),
  });
  const skip = useMutation({
    mutationFn: (id: string) => call(flushActions, { body: { ids: [id] } }),
    onSuccess: async ({ count }) => {
      if (count > 0) say("The action is skipped.");
      else sayRefused("The action is not skipped", "It was carried out in the meantime.");
      await refresh();
    },
    onError: (error) => sayRefused("The action is not skipped", error),
  });
  if (!data || data.items.length === 0) return null;
  const busy = run.isPending || skip.isPending;
  return (
    <section className="lnext" aria-label="Next">
      <h2>Next</h2>
      <ul>
        {data.items.map((entry) => (
          <li key={entry.id}>
            <IconClock size={15} stroke={1.9} className="dim" aria-hidden />
            <div>
              <div style={{ fontWeight: 550 }}>{nameOf(entry)}</div>
              <div className="dim">
                {entry.due_at && (
                  <>
                    <Time at={entry.due_at} />, by{" "}
                  </>
                )}
                <Link className="lnk" to="/workflows/$id" params={{ id: String(entry.workflow.id) }}>
                  {entry.workflow.name}
                </Link>
              </div>
              {operator && (
                <>
                  <button type="button" className="lnk" disabled={busy} onClick={() => run.mutate(entry.id)}>
                    Run now
                  </button>{" "}
                  or{" "}
                  <button type="button" className="lnk" disabled={busy} onClick={() => skip.mutate(entry.id)}>
                    skip
                  </button>
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

const nameOf = ({ type }: ActionEntry): string => {
  const words = { dnc: "Add to DNC", hopper: "Insert into hopper", sms: "SMS", status: "Status change" }[type];
  const plain = type.replaceAll("_", " ");
  return words ?? plain[0]!.toUpperCase() + plain.slice(1);
};
