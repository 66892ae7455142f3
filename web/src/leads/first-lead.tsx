import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { createSampleLead } from "../../../src/contracts/endpoints/leads.ts";
import { call } from "../api.ts";
import { listsQuery } from "../ui/dialler.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Fault } from "../ui/fault.tsx";
import { InsertCurl } from "../ui/insert-curl.tsx";
import { useMay } from "../ui/session.ts";
import { leadsKey } from "./queries.ts";

/** No lead yet: what leads are for, and three ways to the first one. */
export function FirstLead({ add }: { add: () => void }) {
  const mayChange = useMay("admin");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data: lists } = useQuery(listsQuery);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => call(createSampleLead),
    onSuccess: (lead) => {
      void queries.invalidateQueries({ queryKey: leadsKey });
      void queries.invalidateQueries({ queryKey: ["lists"] });
      void navigate({ to: "/leads/$id", params: { id: String(lead.id) } });
    },
  });
  return (
    <>
      <EmptyState
        title="Bring a lead in"
        acts={
          mayChange && (
            <>
              <Button loading={isPending} onClick={() => mutate()}>
                Add a sample lead
              </Button>
              <Button variant="default" onClick={add}>
                Add lead by hand
              </Button>
            </>
          )
        }
      >
        A lead is a person with a phone number. Connects send leads to vendors, and vendors, web forms and the dialler
        bring them in.
      </EmptyState>
      <div className="lfirst">
        {error && <Fault what="No sample lead was added." error={error} />}
        <h2 className="sec" style={{ fontSize: 14 }}>
          Or post one over HTTP
        </h2>
        <p className="t2" style={{ margin: "0 0 10px", fontSize: 13.5 }}>
          With a token from{" "}
          <Link className="lnk" to="/settings" search={{ tab: "tokens" }}>
            Settings, API tokens
          </Link>
          {lists?.items.length === 0 && (
            <>
              {" "}
              and a list from{" "}
              <Link className="lnk" to="/settings" search={{ tab: "lists" }}>
                Settings, Lists & campaigns
              </Link>
            </>
          )}
          .
        </p>
        <InsertCurl listId={lists?.items[0]?.id ?? null} />
      </div>
    </>
  );
}
