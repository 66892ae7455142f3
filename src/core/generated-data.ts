import type { Snapshot } from "../contracts/fields.ts";
import { buildRequest, freezePayload } from "./build-request.ts";
import { mapFields, type MapContext, type MappedFields } from "./map-fields.ts";
import { refuseTooLarge, type Refused } from "./payload-limit.ts";
import type { StoredAdaptor } from "./stored-adaptor.ts";
import { maskText } from "./text.ts";

export type GeneratedData = {
  readonly ok: true;
  /** The query of a GET. */
  readonly get: string;
  /** The bodies of a POST; secrets are ••••••••. */
  readonly post_raw: string;
  readonly post_json: string;
  readonly trace: MappedFields["trace"];
  readonly warnings: MappedFields["warnings"];
  readonly missing: MappedFields["missing"];
};

const forms = { get: ["GET", "RAW"], post_raw: ["POST", "RAW"], post_json: ["POST", "JSON"] } as const;

/** Generated Data of the adaptor's page, by the same builder that sends; refused where one of its forms is too large. */
export function generatedData(
  adaptor: StoredAdaptor,
  snapshot: Snapshot,
  context: MapContext,
): GeneratedData | Refused {
  const mapped = mapFields(adaptor, snapshot, context);
  if (mapped.tooLarge !== null) return refuseTooLarge(mapped.tooLarge);
  const { pairs, trace, warnings, missing } = mapped;
  const made = { get: "", post_raw: "", post_json: "" };
  for (const form of ["get", "post_raw", "post_json"] as const) {
    const [request_method, post_data_type] = forms[form];
    const texts = { url: [], authentication: [], headers: [] };
    const settings = { request_method, post_data_type };
    // A missing required value is shown beside the data, which stays to be seen.
    const asked = { pairs, missing: [], tooLarge: null };
    const frozen = freezePayload(settings, texts, asked, snapshot, context.customFields, context);
    if (!frozen.ok && frozen.diagnosis.code === "payload_too_large") return frozen;
    const built = frozen.ok ? buildRequest(settings, texts, frozen.payload) : frozen;
    if (built.ok) made[form] = maskText(built.plan.body ?? built.plan.url).replace(/^\?/, "");
  }
  return { ok: true, ...made, trace, warnings, missing };
}
