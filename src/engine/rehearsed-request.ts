import type { ConnectSettings } from "../contracts/connect.ts";
import type { Snapshot } from "../contracts/fields.ts";
import { mapFields } from "../core/map-fields.ts";
import type { Refused } from "../core/payload-limit.ts";
import type { RehearsedPayload } from "../core/rehearse.ts";
import type { ConnectTexts, Payload } from "../core/request.ts";
import { shownParts } from "../core/show-request.ts";
import type { StoredAdaptor } from "../core/stored-adaptor.ts";
import { integratorOf } from "../integrators/index.ts";
import type { MappingContext } from "../store/mapping-context.ts";
import { mappingOptions } from "./plan-delivery.ts";

/** What of a connect and its adaptor a payload and a verdict are made with. */
export type Side = {
  readonly settings: ConnectSettings;
  readonly texts: ConnectTexts;
  readonly adaptor: StoredAdaptor | null;
};

/** The first request, byte for byte but for its secrets, as it would be built from what the event knew. */
export function mappedRequest(side: Side, snapshot: Snapshot, context: MappingContext, now: Date): RehearsedPayload {
  const { settings, texts, adaptor } = side;
  const options = mappingOptions(context, now);
  const { customFields } = context;
  const mapped = adaptor === null ? null : mapFields(adaptor, snapshot, options);
  const integrator = integratorOf(settings.api_integrator);
  const frozen = integrator.freeze({ settings, texts, mapped, snapshot, customFields, context: options });
  return frozen.ok ? frozenRequest(side, frozen.payload, () => "") : refusedBy(frozen);
}

/** The first request with a payload that is frozen already; `latePlace` fills what API URL got since. */
export function frozenRequest(
  { settings, texts }: Omit<Side, "adaptor">,
  payload: Payload,
  latePlace: (name: string) => string,
): RehearsedPayload {
  const next = integratorOf(settings.api_integrator).nextCall({ settings, texts, payload, latePlace }, []);
  if (next === null) return { refused: "there is nothing to call" };
  if (!next.ok) return refusedBy(next);
  const { method, url, headers, body } = shownParts(next.plan);
  const head = [`${method} ${url}`, ...headers.map(([name, value]) => `${name}: ${value}`)].join("\n");
  return { sent: body === null ? head : `${head}\n\n${body}` };
}

const refusedBy = ({ diagnosis: { code, message } }: Refused): RehearsedPayload => ({
  refused: message,
  tooLarge: code === "payload_too_large",
});
