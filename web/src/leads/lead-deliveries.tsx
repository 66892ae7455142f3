import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Delivery } from "../../../src/contracts/delivery.ts";
import type { Lead } from "../../../src/contracts/lead.ts";
import { DeliveryResult, eventWords, standingOf, standingWord } from "../ui/delivery-standing.tsx";
import { Fault } from "../ui/fault.tsx";
import { Glyph } from "../ui/outcome.tsx";
import { useMay } from "../ui/session.ts";
import { Time } from "../ui/time.tsx";
import { leadDeliveriesQuery } from "./queries.ts";

/** What was sent of a lead, newest first, each with what came back. */
export function LeadDeliveries({ lead }: { lead: Lead }) {
  const { data, error, refetch } = useQuery(leadDeliveriesQuery(lead.id));
  const maySend = useMay("operator");
  return (
    <>
      <div className="lhead">
        <h2>Deliveries</h2>
        {data?.next_cursor && (
          <span className="right">
            <Link className="lnk" to="/deliveries" search={{ lead_id: String(lead.id) }}>
              All of them
            </Link>
          </span>
        )}
      </div>
      {error && <Fault what="The deliveries could not be loaded." error={error} again={() => void refetch()} />}
      {data?.items.length === 0 && (
        <p className="t2" style={{ fontSize: 13.5, margin: "4px 0" }}>
          Nothing of this lead was sent yet.{maySend && " “Send through connect…” sends it to a vendor."}
        </p>
      )}
      <ol className="lline" aria-live="polite" aria-relevant="additions">
        {data?.items.map((delivery) => (
          <Line key={delivery.id} delivery={delivery} />
        ))}
      </ol>
    </>
  );
}

function Line({ delivery }: { delivery: Delivery }) {
  const o = standingOf(delivery);
  const quiet = o === "accepted" || o === "held" || o === "waiting";
  return (
    <li>
      <Time at={delivery.created_at} />
      <span>
        <Glyph o={o} size={16} />
      </span>
      <div style={{ minWidth: 0 }}>
        <div style={{ fontWeight: 550 }}>
          {delivery.test ? "Test to" : "Delivery to"}{" "}
          <Link className="lnk" to="/connects/$id" params={{ id: String(delivery.connect.id) }}>
            {delivery.connect.name}
          </Link>
          {!delivery.test && (
            <span className="dim" style={{ fontWeight: 450, fontSize: 12.5 }}>
              {" "}
              · {eventWords(delivery.event).toLowerCase()}
            </span>
          )}
        </div>
        <div className="lwhat">
          <span style={quiet ? undefined : { color: `var(--pb-${o})`, fontWeight: 500 }}>{standingWord(delivery)}</span>
          <span className="dim"> · </span>
          <DeliveryResult delivery={delivery} />
          {delivery.attempts > 1 && <span className="dim"> · {delivery.attempts} attempts</span>}
        </div>
      </div>
      <Link
        className="lnk"
        to="/deliveries/$id"
        params={{ id: delivery.id }}
        aria-label={`View delivery to ${delivery.connect.name}, ${standingWord(delivery)}`}
      >
        View
      </Link>
    </li>
  );
}
