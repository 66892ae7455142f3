import { Link } from "@tanstack/react-router";
import type { DeliveryStory } from "../../../src/contracts/delivery.ts";
import { eventWords } from "../ui/delivery-standing.tsx";
import { showPhone } from "../ui/phone.ts";
import { Time } from "../ui/time.tsx";

/** Where the delivery comes from, and with which versions it was made. */
export function StoryLinks({ story }: { story: DeliveryStory }) {
  return (
    <dl className="kv vpart">
      <dt>Connect</dt>
      <dd>
        {story.connect.id === null ? (
          <span className="dim">{story.connect.name || "not saved"}</span>
        ) : story.connect_deleted ? (
          <>
            {story.connect.name} <span className="dim">deleted since</span>
          </>
        ) : (
          <>
            <Link className="lnk" to="/connects/$id" params={{ id: String(story.connect.id) }}>
              {story.connect.name}
            </Link>{" "}
            <span className="dim num">version {story.revisions.connect}</span>
          </>
        )}
      </dd>
      {story.lead_id !== null && (
        <>
          <dt>Lead</dt>
          <dd>
            <Link className="lnk" to="/leads/$id" params={{ id: String(story.lead_id) }}>
              {showPhone(story.phone_number) || `Lead ${story.lead_id}`}
            </Link>{" "}
            <span className="dim num">{story.lead_id}</span>
          </dd>
        </>
      )}
      <dt>Event</dt>
      <dd>
        {eventWords(story.event)}, <Time at={story.created_at} />
      </dd>
      {story.revisions.adaptor !== null && (
        <>
          <dt>Adaptor</dt>
          <dd>
            {story.adaptor && (
              <Link className="lnk" to="/adaptors/$id" params={{ id: String(story.adaptor.id) }}>
                {story.adaptor.name}
              </Link>
            )}{" "}
            <span className={story.adaptor ? "dim num" : "num"}>version {story.revisions.adaptor}</span>
          </dd>
        </>
      )}
      <dt>Id</dt>
      <dd className="mono idtext">{story.id}</dd>
    </dl>
  );
}
