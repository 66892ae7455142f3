import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { createLead } from "../../../src/contracts/endpoints/leads.ts";
import { call } from "../api.ts";
import { listsQuery } from "../ui/dialler.ts";
import { Side } from "../ui/side.tsx";
import { say } from "../ui/toast.tsx";
import { LeadForm } from "./lead-form.tsx";
import { leadsKey } from "./queries.ts";

/** A lead typed in by hand, under the rules of leads/insert. */
export function AddLead({ close }: { close: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data: lists, isPending } = useQuery(listsQuery);
  const {
    mutate,
    error,
    isPending: saving,
  } = useMutation({
    mutationFn: (fields: Record<string, string>) => call(createLead, { body: fields }),
  });
  // one list is no choice
  const only = lists?.items.length === 1 ? lists.items[0] : undefined;
  return (
    <Side label="Add lead" close={close}>
      {!isPending && (
        <LeadForm
          title="Add lead"
          verb="Add lead"
          lead={null}
          {...(only ? { first: { list_id: String(only.id) } } : {})}
          saving={saving}
          error={error}
          close={close}
          submit={(fields, refused) =>
            mutate(fields, {
              onSuccess: (lead) => {
                void queries.invalidateQueries({ queryKey: leadsKey });
                say(`Lead ${lead.id} is added`);
                void navigate({ to: "/leads/$id", params: { id: String(lead.id) } });
              },
              onError: refused,
            })
          }
        />
      )}
    </Side>
  );
}
