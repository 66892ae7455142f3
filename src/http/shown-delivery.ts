import type { Delivery, DeliveryStory } from "../contracts/delivery.ts";
import { headline } from "../core/headline.ts";
import type { LoggedAttempt } from "../store/attempts.ts";
import type { Surroundings } from "../store/delivery-surroundings.ts";
import type { LogRow } from "../store/deliveries.ts";
import { uuidV7Time } from "../store/uuid-v7.ts";
import type { LogMask } from "./mask-logs.ts";

/** A row of the logs as a reader sees it. */
export function shownDelivery(row: LogRow, mask: LogMask | null): Delivery {
  return {
    id: row.id,
    connect:
      row.connect_id === 0 ? { id: null, name: "Not saved yet" } : { id: row.connect_id, name: row.connect_name ?? "" },
    lead_id: row.lead_id,
    phone_number: mask ? mask.phone(row.phone_number) : row.phone_number,
    event: row.event_type,
    state: row.state,
    held_because: row.held_because,
    outcome: row.outcome,
    result: row.result === null || mask === null ? row.result : mask.text(row.result),
    http_status: row.http_status,
    diagnosis: mask ? mask.diagnosis(row.diagnosis) : row.diagnosis,
    remark: row.remark,
    attempts: row.attempts,
    test: row.test,
    created_at: new Date(uuidV7Time(row.id)).toISOString(),
    duration_ms: row.duration_ms,
  };
}

/** A delivery, its attempts and what stands around it, as of one moment. */
export type Story = {
  readonly row: LogRow;
  readonly attempts: readonly LoggedAttempt[];
  readonly surroundings: Surroundings;
};

/** The whole story. */
export function shownStory({ row, attempts, surroundings }: Story, mask: LogMask | null): DeliveryStory {
  const delivery = shownDelivery(row, mask);
  return {
    ...delivery,
    headline: headline({
      ...delivery,
      behind: row.behind,
      connect: delivery.connect.id === null ? null : delivery.connect.name,
    }),
    event_id: row.event_id,
    attempts_log: attempts.map((attempt) => ({
      number: attempt.number,
      started_at: attempt.started_at.toISOString(),
      outcome: attempt.outcome,
      result: attempt.result === null || mask === null ? attempt.result : mask.text(attempt.result),
      diagnosis: mask ? mask.diagnosis(attempt.diagnosis) : attempt.diagnosis,
      notes: mask ? attempt.notes.map(mask.text) : attempt.notes,
      calls: mask ? attempt.calls.map(mask.call) : attempt.calls,
    })),
    maybe_sent_twice: row.maybe_sent_twice,
    behind: row.state === "waiting" && row.behind,
    next_attempt_at: row.state === "waiting" ? (row.next_attempt_at?.toISOString() ?? null) : null,
    give_up_at: row.give_up_at.toISOString(),
    holds: [...surroundings.holds],
    connect_deleted: surroundings.connectDeleted,
    adaptor: surroundings.adaptor,
    revisions: {
      connect: row.connect_revision,
      adaptor: row.adaptor_revision,
      workflow: row.workflow_revision,
    },
  };
}
