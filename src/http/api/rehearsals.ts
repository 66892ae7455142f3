import * as endpoints from "../../contracts/endpoints/workflows.ts";
import type { Difference } from "../../core/rehearse.ts";
import { rehearse } from "../../engine/rehearse.ts";
import type { SecretBox } from "../../store/secret-box.ts";
import { foundMasks } from "../mask-found.ts";
import { idsBetween } from "../paging-by-time.ts";
import { route, type Route } from "../route.ts";

/** What a draft would change, before it is saved. */
export function rehearsalRoutes({ secretBox }: { readonly secretBox: SecretBox }): Route[] {
  return [
    route(endpoints.rehearse, async ({ body }, caller) => {
      const { draft, events_max: max, from, to } = body;
      const { differences, ...rest } = await rehearse({ scope: caller.scope, secretBox }, draft, {
        max,
        ...idsBetween(from, to),
      });
      const maskOf = await foundMasks(
        caller,
        differences.map(({ of }) => of.eventId),
      );
      return { ...rest, differences: differences.map((one) => shown(one, maskOf(one.of.eventId))) };
    }),
  ];
}

const textMax = 20_000;

function shown(difference: Difference, mask: (text: string) => string) {
  const { of } = difference;
  const lead = { lead_id: of.leadId, event_id: of.eventId, at: of.at };
  if ("what" in difference)
    return { kind: difference.kind, ...lead, what: difference.what, because: mask(difference.because) };
  const { connect } = difference;
  const texts = { before: cut(mask(difference.before)), after: cut(mask(difference.after)) };
  if ("deliveryId" in difference)
    return { kind: difference.kind, ...lead, connect, delivery_id: difference.deliveryId, ...texts };
  return { kind: difference.kind, ...lead, connect, ...texts };
}

function cut(text: string): string {
  return text.length > textMax ? `${text.slice(0, textMax - 1)}…` : text;
}
