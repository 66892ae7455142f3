import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { PageHead } from "../ui/page-head.tsx";
import { storyQuery } from "./queries.ts";
import { shortId } from "./log-rows.tsx";
import { Story } from "./story.tsx";

/** A delivery as a page of its own: what a link in a message leads to. */
export function DeliveryPage() {
  const { id = "" } = useParams({ strict: false });
  const { data } = useQuery(storyQuery(id));
  const crumb = data?.connect.id
    ? { to: `/connects/${data.connect.id}/logs`, label: `${data.connect.name} · Connect Logs` }
    : { to: "/deliveries", label: "Deliveries" };
  return (
    <div className="storypage">
      <PageHead title={`Delivery ${shortId(id)}`} crumb={crumb} />
      <Story key={id} id={id} />
    </div>
  );
}
