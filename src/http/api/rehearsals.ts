import * as endpoints from "../../contracts/endpoints/workflows.ts";
import { rehearse } from "../../engine/rehearse.ts";
import type { SecretBox } from "../../store/secret-box.ts";
import { inTurns } from "../in-turns.ts";
import { foundMasks } from "../mask-found.ts";
import { idsBetween } from "../paging-by-time.ts";
import { route, type Route } from "../route.ts";
import { shownDifference } from "../shown-difference.ts";

/** What a draft would change, before it is saved. */
export function rehearsalRoutes({ secretBox }: { readonly secretBox: SecretBox }): Route[] {
  return [
    route(endpoints.rehearse, async ({ body }, caller) => {
      const { draft, events_max: max, from, to } = body;
      const { differences, leftOut, ...rest } = await rehearse({ scope: caller.scope, secretBox }, draft, {
        max,
        ...idsBetween(from, to),
      });
      const maskOf = await foundMasks(
        caller,
        differences.map(({ of }) => of.eventId),
      );
      return {
        ...rest,
        left_out: leftOut,
        differences: await inTurns(differences, (one) => shownDifference(one, maskOf(one.of.eventId))),
      };
    }),
  ];
}
