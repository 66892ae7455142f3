import { Link } from "@tanstack/react-router";
import type { LeadSummary } from "../../../src/contracts/lead.ts";
import { leadName } from "../ui/lead-picker.tsx";
import { LoadingRows } from "../ui/loading.tsx";
import { showPhone } from "../ui/phone.ts";
import { Time } from "../ui/time.tsx";

/** Leads in rows; two-line rows on narrow screens. */
export function LeadTable({ items }: { items: readonly LeadSummary[] | null }) {
  return (
    <>
      <table className="tbl resp">
        <colgroup>
          <col style={{ width: 110 }} />
          <col />
          <col style={{ width: 150 }} />
          <col />
          <col style={{ width: 90 }} />
          <col />
          <col style={{ width: 140 }} />
        </colgroup>
        <thead>
          <tr>
            <th>Id</th>
            <th>Name</th>
            <th>Phone</th>
            <th>Email</th>
            <th>Status</th>
            <th>List</th>
            <th>Created</th>
          </tr>
        </thead>
        {items ? (
          <tbody>
            {items.map((lead) => (
              <tr key={lead.id}>
                <td className="dim">{lead.id}</td>
                <td>
                  <Link className="plain" style={{ fontWeight: 550 }} to="/leads/$id" params={{ id: String(lead.id) }}>
                    {hasName(lead) ? leadName(lead) : <span className="dim">No name</span>}
                  </Link>
                </td>
                <td>{showPhone(lead.phone_number)}</td>
                <td className="t2">{lead.email}</td>
                <td>{lead.status}</td>
                <td className="t2">{lead.list.name}</td>
                <td className="dim">
                  <Time at={lead.created_at} />
                </td>
              </tr>
            ))}
          </tbody>
        ) : (
          <LoadingRows columns={7} rows={12} />
        )}
      </table>
      <div className="mlist">
        {items?.map((lead) => (
          <Link
            key={lead.id}
            className="mrow"
            to="/leads/$id"
            params={{ id: String(lead.id) }}
            style={{ gridTemplateColumns: "minmax(0,1fr) auto" }}
          >
            <span className="trunc" style={{ fontWeight: 550, textAlign: "left" }}>
              {leadName(lead)}
            </span>
            <span className="dim" style={{ fontSize: 12.5 }}>
              <Time at={lead.created_at} />
            </span>
            <span className="dim num trunc" style={{ fontSize: 13, textAlign: "left" }}>
              {[showPhone(lead.phone_number), lead.list.name].filter(Boolean).join(" · ")}
            </span>
            <span className="t2" style={{ fontSize: 13 }}>
              {lead.status}
            </span>
          </Link>
        ))}
      </div>
    </>
  );
}

const hasName = ({ first_name, last_name }: LeadSummary): boolean => `${first_name}${last_name}`.trim() !== "";
