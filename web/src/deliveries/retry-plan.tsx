import type { ReactNode } from "react";
import type { DeliveryStory } from "../../../src/contracts/delivery.ts";
import { Sec } from "../ui/atoms.tsx";
import { Time } from "../ui/time.tsx";

/** What happens next by itself, and until when; or why nothing does. */
export function RetryPlan({ story }: { story: DeliveryStory }) {
  return (
    <div className="vpart">
      <Sec>Retry plan</Sec>
      <div className="t2" style={{ fontSize: 13 }}>
        {plan(story)}
      </div>
    </div>
  );
}

function plan(story: DeliveryStory): ReactNode {
  const until = (
    <>
      {" "}
      Patchbay gives up <Time at={story.give_up_at} form="full" />.
    </>
  );
  if (story.state === "sending") return "It is on its way now.";
  if (story.state === "waiting")
    return (
      <>
        {story.next_attempt_at ? (
          <>
            {story.attempts > 0 ? "Again" : "First attempt"} at{" "}
            <b className="num now">
              <Time at={story.next_attempt_at} />
            </b>
            .
          </>
        ) : story.behind ? (
          "It goes out when the earlier ones of this lead have, or have kept it waiting for as long as the connect keeps their order."
        ) : (
          "It goes out as soon as the connect has room."
        )}
        {until}
      </>
    );
  if (story.state === "held")
    return (
      <>
        {heldPlan(story)}
        {until}
      </>
    );
  if (story.test) return "A test is never sent again.";
  if (story.connect_deleted) return "Its connect was deleted, so it can’t be sent again.";
  if (story.outcome === "accepted") return "The vendor took it, so it is not sent again by itself.";
  if (story.remark === "superseded")
    return "Order is Newest wins, so only the newest goes out. It can be sent all the same.";
  if (story.outcome === "discarded") return "Discarded by a person. It can be sent again.";
  return "It is not sent again by itself.";
}

function heldPlan({ held_because: because, holds }: DeliveryStory): string {
  if (holds.includes("connect_off") && holds.includes("paused"))
    return "It goes out when the connect is switched on and no longer paused. Waiting uses up no attempt.";
  if (because === "connect_off") return "It goes out when the connect is switched on. Waiting uses up no attempt.";
  if (because === "credentials")
    return "It goes out when the connect is saved with credentials that work. Waiting uses up no attempt.";
  if (because === "paused") return "It goes out when the connect is resumed. Waiting uses up no attempt.";
  if (because === "breaker")
    return "It goes out when the connect no longer pauses itself: its page says why it does, and what ends it. Waiting uses up no attempt.";
  return "The answer was lost, and this connect holds such deliveries for a person. Ask the vendor, then retry it or leave it.";
}
