import type { EventInput } from "../contracts/event.ts";
import { callTypes } from "../contracts/workflow.ts";

/** A VICIdial Start or Dispo Call URL's variables, as an event; or what is missing. */
export type VicidialReading =
  | { readonly ok: true; readonly event: Omit<EventInput, "id">; readonly remoteId: string | null }
  | { readonly ok: false; readonly path: string; readonly error: string };

/** VICIdial's names of lead variables, where they differ from ours. The dialler's own lead id goes to `remote_id`. */
export const vicidialLeadNames: Readonly<Record<string, string>> = {
  phone_number: "phone_number",
  phone_code: "phone_code",
  title: "title",
  first_name: "first_name",
  last_name: "last_name",
  address1: "address1",
  address2: "address2",
  city: "city",
  state: "state",
  province: "province",
  postal_code: "postal_code",
  country_code: "country",
  gender: "gender",
  date_of_birth: "date_of_birth",
  alt_phone: "alt_phone_1",
  email: "email",
  comments: "notes",
  source_id: "source_id",
  vendor_lead_code: "std_account_number",
  vendor_id: "std_account_number",
  gmt_offset_now: "locale_gmt",
  list_id: "list_id",
};

/**
 * Reads the dialler's own variable names (its manual, *Start Call URL* and *Dispo Call URL*). A variable that the
 * dialler left unfilled arrives as `--A--name--B--` and counts as absent. `callDateZone` is nowhere: `SQLdate` is taken
 * in the account's zone, as the dialler's clock is the call centre's.
 */
export function readVicidial(
  kind: "start" | "dispo",
  variables: Readonly<Record<string, string>>,
  tokenName: string,
): VicidialReading {
  const read = (...names: string[]): string | undefined =>
    names.map((name) => variables[name]?.trim() ?? "").find((text) => text !== "" && !/^--A--.*--B--$/.test(text));

  const remoteId = read("lead_id") ?? null;
  const phone = read("phone_number", "dialed_number");
  if (remoteId === null && phone === undefined)
    return {
      ok: false,
      path: "lead_id",
      error: "Add lead_id=--A--lead_id--B-- or phone_number=--A--phone_number--B-- to the URL",
    };
  const status = read("dispo", "status");
  if (kind === "dispo" && status === undefined)
    return { ok: false, path: "dispo", error: "Add dispo=--A--dispo--B-- to the URL" };

  const lead: Record<string, string> = {};
  for (const [theirs, ours] of Object.entries(vicidialLeadNames)) {
    const value = read(theirs);
    if (value !== undefined) lead[ours] = value;
  }
  if (remoteId !== null) lead["remote_id"] = remoteId;

  // `user` carries the token's name, unless the URL passes the dialler's own user in it
  const user = read("user");
  const campaign = read("campaign");
  const group = read("closer_group", "channel_group", "group");
  const call = {
    call_id: read("call_id", "uniqueid"),
    campaign,
    // of an outbound call the dialler fills in the campaign here
    queue: group === campaign ? undefined : group,
    agent: read("agent_user", ...(user === tokenName ? [] : ["user"])),
    inbound_number: read("did_pattern", "did_extension"),
    phone_number: phone,
    status: kind === "dispo" ? status : undefined,
    call_type: callType(read("call_id")),
    term_reason: read("term_reason"),
    length_in_sec: numberOf(read("talk_time")),
    call_date: read("SQLdate"),
    recording: read("recording_url", "recording_filename"),
    agent_comment: read("call_notes"),
  };
  return {
    ok: true,
    remoteId,
    event: {
      type: kind === "start" ? "call.started" : "call.dispositioned",
      ...(phone === undefined ? {} : { phone_number: phone }),
      lead,
      call: Object.fromEntries(Object.entries(call).filter(([, value]) => value !== undefined)),
    },
  };
}

/** The dialler's call ids begin with how the call came about: V by the auto-dialler, M by hand, Y inbound. */
function callType(callId: string | undefined): (typeof callTypes)[number] | undefined {
  return ({ V: "OUTBOUND", M: "MANUAL", Y: "INBOUND" } as const)[callId?.[0] ?? ""];
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
