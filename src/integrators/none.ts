import { buildRequest, freezePayload } from "../core/build-request.ts";
import { nothingMapped } from "../core/map-fields.ts";
import { readAnswer } from "../core/read-answer.ts";
import type { Integrator } from "./integrator.ts";

/** Any vendor: one call, all of it from the settings. */
export const none: Integrator = {
  id: "None",
  hides: [],
  freeze: ({ settings, texts, mapped, snapshot, customFields, context }) =>
    freezePayload(settings, texts, mapped ?? nothingMapped, snapshot, customFields, context),
  nextCall: ({ settings, texts, payload, latePlace }, exchanges) =>
    exchanges.length === 0 ? buildRequest(settings, texts, payload, latePlace) : null,
  read: ({ settings }, exchanges, mask) => {
    const exchange = exchanges.at(-1);
    return exchange?.answer && exchange.fault === null ? readAnswer(exchange.answer, settings, mask) : null;
  },
};
