import type { Snapshot } from "../contracts/fields.ts";
import { buildRequest, freezePayload } from "./build-request.ts";
import { mapFields, type MapContext, type MappedFields } from "./map-fields.ts";
import type { StoredAdaptor } from "./stored-adaptor.ts";
import { maskText } from "./text.ts";

export type GeneratedData = {
  /** The query of a GET. */
  readonly get: string;
  /** The bodies of a POST; secrets are ••••••••. */
  readonly post_raw: string;
  readonly post_json: string;
  readonly trace: MappedFields["trace"];
  readonly warnings: MappedFields["warnings"];
  readonly missing: MappedFields["missing"];
};

/** Generated Data of the adaptor's page, by the same builder that sends. */
export function generatedData(adaptor: StoredAdaptor, snapshot: Snapshot, context: MapContext): GeneratedData {
  const mapped = mapFields(adaptor, snapshot, context);
  const sent = (request_method: "GET" | "POST", post_data_type: "RAW" | "JSON"): string => {
    const settings = { request_method, post_data_type };
    // A missing required value is shown beside the data, which stays to be seen.
    const frozen = freezePayload(
      settings,
      { url: [] },
      { ...mapped, missing: [] },
      snapshot,
      context.customFields,
      context,
    );
    if (!frozen.ok) return "";
    const plan = buildRequest(settings, { url: [], authentication: [], headers: [] }, frozen.payload);
    return maskText(plan.body ?? plan.url).replace(/^\?/, "");
  };
  const { trace, warnings, missing } = mapped;
  return {
    get: sent("GET", "RAW"),
    post_raw: sent("POST", "RAW"),
    post_json: sent("POST", "JSON"),
    trace,
    warnings,
    missing,
  };
}
