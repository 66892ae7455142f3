import type { FieldValues, Snapshot } from "../contracts/fields.ts";

/**
 * The snapshot with a made-up call where it has none, so that a test can show what call rows send. Tell mapFields by
 * `sampleCall`, so that its trace marks those rows.
 */
export function withSampleCall(snapshot: Snapshot, now: Temporal.Instant): { snapshot: Snapshot; sampled: boolean } {
  if (snapshot.call) return { snapshot, sampled: false };
  const { lead } = snapshot;
  const known: FieldValues = {
    lead_id: lead["id"] ?? null,
    first_name: lead["first_name"] ?? null,
    last_name: lead["last_name"] ?? null,
    list_id: lead["list_id"] ?? null,
    phone_number: lead["phone_number"] ?? null,
  };
  return { snapshot: { ...snapshot, call: { ...sampleCall(now), ...withoutEmpty(known) } }, sampled: true };
}

/** A lead that nobody has, for an account that has none yet: phones of 555-01xx, addresses of example.com. */
export function sampleSnapshot(now: Temporal.Instant): Snapshot {
  const at = now.toString({ smallestUnit: "second" });
  return {
    lead: {
      id: 1,
      status: "SALE",
      called_count: 1,
      called_count_inbound: 0,
      last_called: at,
      created_at: at,
      modified_at: at,
      title: "Ms",
      first_name: "Grace",
      last_name: "Sample",
      email: "grace@example.com",
      phone_number: "3105550142",
      phone_code: "1",
      alt_phone_1: "3105550143",
      address1: "1 Sample Street",
      city: "Los Angeles",
      state: "CA",
      postal_code: "90001",
      country: "US",
      date_of_birth: "1985-04-12",
      list_id: 1,
    },
    call: sampleCall(now),
    extra: { agent_full_name: "Ada Agent", agent_email: "ada@example.com", status_name: "Sale" },
  };
}

function sampleCall(now: Temporal.Instant): FieldValues {
  return {
    call_log_id: 1001,
    lead_id: 1,
    first_name: "Grace",
    last_name: "Sample",
    list_id: 1,
    list_name: "Web leads",
    user_id: "6666",
    originating_agent_id: "6666",
    campaign_id: 1,
    campaign_name: "Campaign A",
    queue_id: 1,
    queue_name: "Inbound sales",
    queue_seconds: 12,
    queue_position: 1,
    phone_number: "3105550142",
    status: "SALE",
    length_in_sec: 184,
    call_date: now.toString({ smallestUnit: "second" }),
    agent_comment: "Sample call",
    call_type: "OUTBOUND",
    term_reason: "AGENT",
    recording: "https://recordings.example.com/1001.mp3",
    caller_id: "3105550100",
    inbound_number: "3105550199",
  };
}

function withoutEmpty(values: FieldValues): FieldValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ""));
}
