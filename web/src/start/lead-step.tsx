import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { createToken } from "../../../src/contracts/endpoints/access.ts";
import { lists } from "../../../src/contracts/endpoints/dialler.ts";
import { createSampleLead, listLeads } from "../../../src/contracts/endpoints/leads.ts";
import type { LeadSummary } from "../../../src/contracts/lead.ts";
import { call, wordsOf } from "../api.ts";
import { Notice } from "../ui/atoms.tsx";
import { CopyButton } from "../ui/copy-button.tsx";

/** A sample lead by one press, or a real one by curl, as a vendor's own system would post it. */
export function LeadStep({ latest, done }: { latest: LeadSummary | null; done: () => void }) {
  const queries = useQueryClient();
  const arrived = async () => {
    await queries.invalidateQueries({ queryKey: ["leads"] });
    done();
  };
  const sample = useMutation({ mutationFn: () => call(createSampleLead), onSuccess: arrived });
  return (
    <section className="panel" style={{ padding: 18 }} aria-label="Ways to bring a lead in">
      <div className="way">
        <div style={{ flex: 1, minWidth: 200 }}>
          <div style={{ fontWeight: 600 }}>A sample lead</div>
          <div className="dim" style={{ fontSize: 13 }}>
            A made-up person with a 555 number. Nobody is called.
          </div>
        </div>
        <Button loading={sample.isPending} onClick={() => sample.mutate()}>
          Use a sample lead
        </Button>
      </div>
      {sample.error && (
        <div role="alert" style={{ marginTop: 12 }}>
          <Notice o="failed">{wordsOf(sample.error)}</Notice>
        </div>
      )}
      <hr className="hr" style={{ margin: "16px -18px" }} />
      <CurlWay latest={latest} arrived={() => void arrived()} />
      {latest && (
        <Button variant="subtle" color="gray" mt={12} onClick={done}>
          Keep the lead I have
        </Button>
      )}
    </section>
  );
}

function CurlWay({ latest, arrived }: { latest: LeadSummary | null; arrived: () => void }) {
  const make = useMutation({
    mutationFn: async () => {
      const found = await call(lists.list, { query: { limit: 1 } });
      const list = found.items[0] ?? (await call(lists.create, { body: { name: "First leads" } }));
      const token = await call(createToken, { body: { name: "First steps", access: ["leads/insert"] } });
      return { list: list.id, secret: token.secret };
    },
  });
  const command = make.data && curlFor(location.origin, make.data.secret, make.data.list);
  return (
    <>
      <div className="way">
        <div style={{ flex: 1, minWidth: 200 }}>
          <div style={{ fontWeight: 600 }}>A curl to try</div>
          <div className="dim" style={{ fontSize: 13 }}>
            As a vendor posts leads in. Makes a token that can do only this.
          </div>
        </div>
        {!command && (
          <Button variant="default" loading={make.isPending} onClick={() => make.mutate()}>
            Make a token
          </Button>
        )}
      </div>
      {make.error && (
        <div role="alert" style={{ marginTop: 12 }}>
          <Notice o="failed">{wordsOf(make.error)}</Notice>
        </div>
      )}
      {command && (
        <>
          <div className="well codewell" style={{ marginTop: 12 }}>
            <pre className="code">{command}</pre>
          </div>
          <div style={{ display: "flex", gap: 10, alignItems: "center", marginTop: 8, flexWrap: "wrap" }}>
            <CopyButton text={command} label="Copy the curl" />
            <Arrival after={latest?.id ?? 0} arrived={arrived} />
          </div>
          <p className="dim" style={{ fontSize: 12.5, margin: "8px 0 0" }}>
            The token is shown this once. You find and revoke it in Settings.
          </p>
        </>
      )}
    </>
  );
}

/** Looks every second and a half whether a newer lead has come in. */
function Arrival({ after, arrived }: { after: number; arrived: () => void }) {
  const { data } = useQuery({
    queryKey: ["leads", "arrival"],
    queryFn: ({ signal }) => call(listLeads, { query: { limit: 1 } }, signal),
    refetchInterval: 1500,
  });
  const came = (data?.items[0]?.id ?? 0) > after;
  useEffect(() => {
    if (came) arrived();
    // once, when it came
    // oxlint-disable-next-line react/exhaustive-deps
  }, [came]);
  return <output className="t2">Run it in a terminal; this page sees the lead come in …</output>;
}

const curlFor = (origin: string, token: string, list: number): string =>
  [
    `curl ${origin}/v1/leads/insert \\`,
    `  -d auth_token=${token} \\`,
    `  -d list_id=${list} \\`,
    "  -d phone_number=2125550147 -d first_name=Maria -d last_name=Alvarez \\",
    "  -d email=maria.alvarez@example.com -d state=NY",
  ].join("\n");
