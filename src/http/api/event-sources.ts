import { eventSources } from "../../contracts/endpoints/workflows.ts";
import { latestDiallerEvent } from "../../store/events.ts";
import { route, type Route } from "../route.ts";

/** Where a dialler sends its events, ready to be pasted: with this installation's own address, but without a token. */
export function eventSourceRoutes({ publicUrl }: { readonly publicUrl: string | null }): Route[] {
  return [
    route(eventSources, async (_request, { scope }, raw) => {
      const origin = (publicUrl ?? `${raw.protocol}://${raw.host}`).replace(/\/+$/, "");
      const example = {
        type: "call.dispositioned",
        phone_number: "3105550142",
        call: { status: "SALE", campaign: "CAMP_A" },
      };
      return {
        events_url: `${origin}/v1/events`,
        curl: [
          `curl ${origin}/v1/events`,
          `-H "Authorization: Bearer YOUR_TOKEN"`,
          `-H "Content-Type: application/json"`,
          `-d '${JSON.stringify(example)}'`,
        ].join(" \\\n  "),
        vicidial_start_url: vicidialUrl(`${origin}/vicidial/start`, variables),
        vicidial_dispo_url: vicidialUrl(`${origin}/vicidial/dispo`, [...variables, ...atDisposition]),
        last_event_at: (await latestDiallerEvent(scope))?.toISOString() ?? null,
      };
    }),
  ];
}

/** Names of the dialler's, each filled in by itself where the address says so. `agent_user`: `user` is the token's name. */
const variables: readonly (string | readonly [name: string, variable: string])[] = [
  "lead_id", "phone_number", "phone_code", "list_id", "vendor_lead_code", "first_name", "last_name", "address1", "city",
  "state", "postal_code", "email", "campaign", "channel_group", "did_pattern", "call_id", "uniqueid", "SQLdate",
  ["agent_user", "user"],
]; // prettier-ignore
const atDisposition = ["dispo", "talk_time", "term_reason", "recording_filename", "call_notes"];

function vicidialUrl(path: string, filled: typeof variables): string {
  const pairs = filled.map((one) => {
    const [name, variable] = typeof one === "string" ? [one, one] : one;
    return `${name}=--A--${variable}--B--`;
  });
  return `${path}?user=TOKEN_NAME&pass=YOUR_TOKEN&${pairs.join("&")}`;
}
