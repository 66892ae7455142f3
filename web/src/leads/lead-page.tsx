import "./leads.css";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { z } from "zod";
import type { Lead } from "../../../src/contracts/lead.ts";
import { Broken, NotHere } from "../ui/broken.tsx";
import { statusesQuery } from "../ui/dialler.ts";
import { fieldsQuery } from "../ui/fields.ts";
import { leadName } from "../ui/lead-picker.tsx";
import { LoadingPage } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { showPhone } from "../ui/phone.ts";
import { useMay } from "../ui/session.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { EditLead } from "./edit-lead.tsx";
import { groupFields } from "./field-groups.ts";
import { FieldValue, isEmpty } from "./field-value.tsx";
import { LeadNext } from "./lead-next.tsx";
import { leadQuery } from "./queries.ts";
import { SendThrough } from "./send-through.tsx";
import { LeadTimeline } from "./timeline.tsx";

const Search = z.object({ fields: z.literal("all").optional(), edit: z.literal("1").optional() });

/** A lead: what was sent of it, and its fields. */
export function LeadPage() {
  const { id = "" } = useParams({ strict: false });
  const readable = /^[1-9]\d{0,15}$/.test(id);
  const { data: lead, error, refetch } = useQuery({ ...leadQuery(Number(id)), enabled: readable });
  const [url, setUrl] = useUrlState(Search);
  const mayEdit = useMay("admin");
  const maySend = useMay("operator");
  if (!readable) return <NotHere />;
  if (!lead) return error ? <Broken error={error} reset={() => void refetch()} /> : <LoadingPage />;
  return (
    <>
      <PageHead
        title={leadName(lead)}
        crumb={{ to: "/leads", label: "Leads" }}
        tags={<Tags lead={lead} />}
        acts={
          <>
            {maySend && <SendThrough lead={lead} />}
            {mayEdit && (
              <Button variant="default" onClick={() => setUrl({ edit: "1" }, { replace: false })}>
                Edit lead
              </Button>
            )}
          </>
        }
      />
      <div className="lgrid">
        <div className="lmain">
          <LeadTimeline lead={lead} />
        </div>
        <aside className="lside" aria-label="Fields" data-all={url.fields === "all" || undefined}>
          <LeadFields lead={lead} all={url.fields === "all"} show={(fields) => setUrl({ fields })} />
          <LeadNext lead={lead.id} />
        </aside>
      </div>
      {url.edit === "1" && mayEdit && <EditLead lead={lead} close={() => setUrl({ edit: "" })} />}
    </>
  );
}

function Tags({ lead }: { lead: Lead }) {
  const { data } = useQuery(statusesQuery);
  const name = data?.items.find(({ code }) => code === lead.status)?.name;
  const hasName = `${lead.first_name}${lead.last_name}`.trim() !== "";
  return (
    <>
      {hasName && lead.phone_number && <span className="num t2">{showPhone(lead.phone_number)}</span>}
      {lead.status && (
        <span className="meth" style={{ fontFamily: "inherit", fontSize: 12 }}>
          {name && name.toUpperCase() !== lead.status.toUpperCase() ? `${lead.status} · ${name}` : lead.status}
        </span>
      )}
      <span className="dim num" style={{ fontSize: 13 }}>
        Lead {lead.id}
      </span>
    </>
  );
}

function LeadFields({ lead, all, show }: { lead: Lead; all: boolean; show: (fields: "all" | undefined) => void }) {
  const { data } = useQuery(fieldsQuery);
  const groups = groupFields(data?.items ?? []);
  const count = groups.reduce((sum, { fields }) => sum + fields.length, 0);
  const shown = groups
    .map((group) => ({
      ...group,
      fields: group.fields.filter(({ key }) => all || !isEmpty(lead.fields[key])),
    }))
    .filter(({ fields }) => fields.length > 0);
  return (
    <>
      <div className="lhead">
        <h2>Fields</h2>
        <span className="right">
          <button type="button" className="lnk" onClick={() => show(all ? undefined : "all")}>
            {all ? "Only filled fields" : `All ${count} fields`}
          </button>
        </span>
      </div>
      {shown.map(({ title, fields }) => (
        <div key={title} className="lfields">
          <h3 className="sec dim" style={{ fontWeight: 500 }}>
            {title}
          </h3>
          <dl className="kv">
            {fields.map((field) => [
              <dt key={`${field.key} label`} className="trunc" title={field.name}>
                {field.label}
              </dt>,
              <dd key={field.key}>
                <FieldValue field={field} lead={lead} />
              </dd>,
            ])}
          </dl>
        </div>
      ))}
    </>
  );
}
