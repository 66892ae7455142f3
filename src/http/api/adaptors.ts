import { inChange } from "../../admin/change.ts";
import { generateData } from "../../admin/generate-data.ts";
import { deleteAdaptor, saveAdaptor } from "../../admin/save-adaptor.ts";
import type { AdaptorRow as Row } from "../../contracts/adaptor.ts";
import * as endpoints from "../../contracts/endpoints/connects.ts";
import { ProblemError } from "../../core/problem-error.ts";
import { splitTargets } from "../../core/stored-adaptor.ts";
import type { AccountScope } from "../../store/account-scope.ts";
import { findAdaptor, listAdaptors, usersOfAdaptors, type AdaptorRow } from "../../store/adaptors.ts";
import { changeBy, type AdminDeps } from "../change-by.ts";
import { afterOf, pageOfRows } from "../paging.ts";
import { route, type Route } from "../route.ts";

/** Adaptors: the list, one with its rows, and what it makes of a lead. */
export function adaptorRoutes(deps: AdminDeps): Route[] {
  const { secretBox } = deps;
  return [
    route(endpoints.listAdaptors, async ({ query }, { scope }) => {
      const rows = await listAdaptors(scope, afterOf(query.cursor, 0), query.limit + 1);
      const users = await usersOfAdaptors(
        scope,
        rows.map(({ id }) => id),
      );
      return pageOfRows(rows, query.limit, ({ id, name, active, settings, saved_at }) => ({
        id,
        name,
        active,
        mapped: settings.fields.filter(isMapped).length,
        used_by: (users.get(id) ?? []).map(idAndName),
        saved_at: saved_at.toISOString(),
      }));
    }),
    route(endpoints.createAdaptor, async ({ body }, caller) =>
      shown(caller.scope, await inChange(changeBy(deps, caller), (change) => saveAdaptor(change, null, body))),
    ),
    route(endpoints.showAdaptor, async ({ params }, { scope }) => {
      const row = await findAdaptor(scope, params.id);
      if (row === null) throw new ProblemError("not_found", { detail: `There is no adaptor ${params.id}.` });
      return shown(scope, row);
    }),
    route(endpoints.updateAdaptor, async ({ params, body }, caller) => {
      const { revision, ...values } = body;
      const row = await inChange(changeBy(deps, caller), (change) =>
        saveAdaptor(change, params.id, values, { revision }),
      );
      return shown(caller.scope, row);
    }),
    route(endpoints.deleteAdaptor, async ({ params }, caller) => {
      await inChange(changeBy(deps, caller), (change) => deleteAdaptor(change, params.id));
      return null;
    }),
    route(endpoints.generateData, async ({ body }, { scope, role }, { server: { takeTurn } }) => {
      if (body.adaptor !== undefined && role !== "admin")
        throw new ProblemError("forbidden", { detail: "Unsaved settings are tried out by admins only." });
      return generateData({ scope, secretBox, takeTurn }, body);
    }),
  ];
}

function isMapped(row: Row): boolean {
  return splitTargets(row.to).length > 0;
}

function idAndName<Id>({ id, name }: { readonly id: Id; readonly name: string }): { id: Id; name: string } {
  return { id, name };
}

async function shown(scope: AccountScope, { id, settings, revision, saved_at }: AdaptorRow) {
  const users = (await usersOfAdaptors(scope, [id])).get(id) ?? [];
  return { ...settings, id, revision, saved_at: saved_at.toISOString(), used_by: users.map(idAndName) };
}
