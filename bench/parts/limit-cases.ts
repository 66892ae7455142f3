import { limits } from "../../src/contracts/limits.ts";

export type LimitCase = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly type: string;
  readonly body: string;
};

/** A request of every kind, as large, as many and as deep as it may be. */
export function limitCases(token: string, leads: readonly number[], adaptorId: number): Record<string, LimitCase> {
  const form = "application/x-www-form-urlencoded";
  const json = "application/json";
  const room = limits.bodyBytesMax - 1_000;
  const lead = { auth_token: token, list_id: "1", phone_number: "3105550142" };
  const pairs = new URLSearchParams(lead).toString();
  const most = limits.parametersMax - 10;
  const each = Math.floor(room / most) - limits.nameBytesMax - 10;
  const many = Array.from(
    { length: most },
    (_, at) => [String(at).padStart(limits.nameBytesMax, "n"), "v".repeat(each)] as const,
  );
  const fill = (item: string): string => item.repeat(Math.floor(room / item.length)).slice(0, -1);
  const insert = "/v1/leads/insert";
  const parts = [...Object.entries(lead), ...many].map(
    ([field, value]) =>
      `--xx\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value.slice(0, each - 100)}\r\n`,
  );
  const event = (at: number, comment: string): object => ({
    type: "call.dispositioned",
    lead_id: leads[at % leads.length],
    call: { call_id: `c-${at}`, status: "NI", agent_comment: comment },
  });
  const rows = Array.from({ length: 2_000 }, (_, at) => ({
    section: "static",
    to: `name_${at}`,
    value: `{lead.first_name} ${"v".repeat(300)}`,
  }));
  return {
    query: { method: "GET", path: `${insert}?${pairs}&${"q=1&".repeat(980)}x=${"y".repeat(11_000)}`, type: form, body: "" },
    form_of_many: post(insert, form, `${pairs}&${many.map((pair) => pair.join("=")).join("&")}`),
    form_of_escapes: post(insert, form, `${pairs}&notes=${fill("%C3%A9")}`),
    form_of_ampersands: post(insert, form, `${pairs}${"&".repeat(room)}`),
    json_of_many: post(insert, json, JSON.stringify({ ...lead, ...Object.fromEntries(many) })),
    json_of_a_list: post(insert, json, `{"auth_token":"${token}","list_id":1,"phone_number":"3105550142","notes":[${fill("1,")}]}`),
    json_of_objects: post(insert, json, `{"auth_token":"${token}","list_id":1,"phone_number":"3105550142","notes":[${fill("{},").slice(0, -2)}]}`),
    json_of_notes: post(insert, json, JSON.stringify({ ...lead, notes: fill("ab ") })),
    json_of_escapes: post(insert, json, `{"auth_token":"${token}","list_id":1,"phone_number":"3105550142","notes":"${"\\u00e9".repeat(170_000)}"}`),
    json_too_deep: post(insert, json, '{"a":'.repeat(200_000)),
    json_broken: post(insert, json, `{"a":"${"x".repeat(room)}`),
    multipart: post(insert, "multipart/form-data; boundary=xx", `${parts.join("")}--xx--\r\n`),
    multipart_of_nothing: post(insert, "multipart/form-data; boundary=xx", "--xx\r\n\r\n\r\n".repeat(100_000).slice(0, room)),
    too_large: post(insert, form, "x".repeat(2 * limits.bodyBytesMax)),
    vicidial: post("/vicidial/non_agent_api.php", form, `pass=${token}&user=x&function=add_lead&phone_number=3105550142&list_id=1&comments=${fill("a+")}`),
    one_event: post("/v1/events", json, JSON.stringify({ type: "x.own", lead_id: leads[0], data: { text: "d".repeat(room - 200) } })),
    event_of_values: post("/v1/events", json, JSON.stringify({ type: "x.own", lead_id: leads[0], data: { list: Array.from({ length: limits.parametersMax - 10 }, () => "d".repeat(1_000)) } })),
    many_events: post("/v1/events", json, JSON.stringify(Array.from({ length: limits.batchEventsMax }, (_, at) => event(at, "")))),
    batch: post("/v1/events", json, JSON.stringify(Array.from({ length: limits.batchEventsMax }, (_, at) => event(at, "c".repeat(3_900))))),
    batch_of_refused: post("/v1/events", json, JSON.stringify(Array.from({ length: limits.batchEventsMax }, () => ({ type: "x.own", unknown: "u".repeat(8_000) })))),
    lines: post("/v1/events", "application/x-ndjson", Array.from({ length: limits.batchEventsMax }, (_, at) => JSON.stringify(event(at, "c".repeat(3_900)))).join("\n")),
    admin_body: post("/api/adaptors/generated-data", json, JSON.stringify({ adaptor: { name: "Large", fields: rows } })),
    admin_unknown_names: post("/api/lists", json, `{"name":"x",${Array.from({ length: 60_000 }, (_, at) => `"k${at}":1`).join()}}`),
    admin_saved: post("/api/adaptors/generated-data", json, JSON.stringify({ adaptor_id: adaptorId })),
  }; // prettier-ignore
}

function post(path: string, type: string, body: string): LimitCase {
  return { method: "POST", path, type, body };
}
