import { Button } from "@mantine/core";
import { Fragment, useState } from "react";
import type { Condition } from "../../../src/contracts/workflow.ts";
import { AddEvent } from "./add-event.tsx";
import { EventCard } from "./event-card.tsx";
import { useReadOnly } from "./value.tsx";

/** Events one below the other, all of which must match, and what adds one. */
export function EventsEditor({
  events,
  path,
  set,
}: {
  events: readonly Condition[];
  /** `events` or `stop_if.filter`, as problems name it. */
  path: string;
  set: (events: Condition[]) => void;
}) {
  const [fresh, setFresh] = useState<number | null>(null);
  const readOnly = useReadOnly();
  const add = (condition: Condition) => {
    setFresh(events.length);
    set([...events, condition]);
  };
  return (
    <>
      {events.map((event, index) => (
        // an event has no name of its own; its place is what problems call it by
        // oxlint-disable-next-line react/no-array-index-key
        <Fragment key={`${index} ${event.type}`}>
          {index > 0 && <div className="wand">and</div>}
          <EventCard
            condition={event}
            path={`${path}[${index}]`}
            fresh={fresh === index}
            set={(next) => set(events.map((was, at) => (at === index ? next : was)))}
            remove={() => {
              setFresh(null);
              set(events.filter((_, at) => at !== index));
            }}
          />
        </Fragment>
      ))}
      {!readOnly && (
        <div className="wadd">
          <AddEvent label="Add event" add={add} />
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            onClick={() => add({ type: "any_of", events: [], active: true })}
          >
            Add “any of” group
          </Button>
        </div>
      )}
    </>
  );
}
