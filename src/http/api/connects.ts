import { inChange } from "../../admin/change.ts";
import { deleteConnect } from "../../admin/delete-connect.ts";
import { discardHeld } from "../../admin/discard-held.ts";
import { duplicateConnect } from "../../admin/duplicate-connect.ts";
import { exportConnect } from "../../admin/export-config.ts";
import { orderGroupWarnings } from "../../admin/order-group-warnings.ts";
import { pauseConnect } from "../../admin/pause-connect.ts";
import { previewConnect } from "../../admin/preview-connect.ts";
import { saveConnect } from "../../admin/save-connect.ts";
import * as endpoints from "../../contracts/endpoints/connects.ts";
import { ProblemError } from "../../core/problem-error.ts";
import { typistOf } from "../../core/secret-origins.ts";
import type { Engine } from "../../engine/engine.ts";
import { testConnect, testUnsavedConnect } from "../../engine/test-connect.ts";
import { neverPaused, readStanding, readStandings } from "../../store/connect-states.ts";
import {
  type ConnectRow,
  type ConnectWork,
  describeConnects,
  findConnect,
  listConnects,
} from "../../store/connects.ts";
import { changeBy, type AdminDeps } from "../change-by.ts";
import type { Caller } from "../caller.ts";
import { logMasks } from "../log-masks.ts";
import type { LogMask } from "../mask-logs.ts";
import { afterOf, pageOfRows } from "../paging.ts";
import { route, type Route } from "../route.ts";

/** Connects: Show Connect, one with its settings, and trying it out. */
export function connectRoutes(deps: AdminDeps & { readonly engine: Engine }): Route[] {
  const { database, secretBox, engine } = deps;
  const tests = { db: database, engine, secretBox };
  return [
    route(endpoints.listConnects, async ({ query }, caller) => {
      const { scope } = caller;
      const rows = await listConnects(scope, afterOf(query.cursor, 0), query.limit + 1);
      const ids = rows.map(({ id }) => id);
      const [work, standings] = [await describeConnects(scope, ids), await readStandings(scope, ids)];
      const maskOf = await logMasks(
        caller,
        [...work.values()].flatMap(({ last }) => (last === null ? [] : [last.source])),
      );
      return pageOfRows(rows, query.limit, (row) => {
        const { last, ...owed } = work.get(row.id) ?? {
          adaptor: null,
          held: {},
          waiting: 0,
          last: null,
          tested_only: false,
        };
        return {
          id: row.id,
          name: row.name,
          api_url: row.settings.api_url,
          request_method: row.settings.request_method,
          active: row.active,
          order_group: row.settings.order_group,
          standing: standings.get(row.id) ?? neverPaused,
          ...owed,
          last: last && shownLast(last, maskOf(last.source)),
          saved_at: row.saved_at.toISOString(),
        };
      });
    }),
    route(endpoints.createConnect, async ({ body }, caller) =>
      shown(caller, await inChange(changeBy(deps, caller), (change) => saveConnect(change, null, body))),
    ),
    route(endpoints.showConnect, async ({ params }, caller) => {
      const row = await findConnect(caller.scope, params.id);
      if (row === null) throw new ProblemError("not_found", { detail: `There is no connect ${params.id}.` });
      return shown(caller, row);
    }),
    route(endpoints.updateConnect, async ({ params, body }, caller) => {
      const { revision, held, ...values } = body;
      const row = await inChange(changeBy(deps, caller), (change) =>
        saveConnect(change, params.id, values, { revision, held }),
      );
      engine.wake();
      return shown(caller, row);
    }),
    route(endpoints.duplicateConnect, async ({ params }, caller) =>
      shown(caller, await inChange(changeBy(deps, caller), (change) => duplicateConnect(change, params.id))),
    ),
    route(endpoints.deleteConnect, async ({ params, query }, caller) => {
      const discard = query.held === "discard";
      await inChange(changeBy(deps, caller), (change) => deleteConnect(change, params.id, discard));
      return null;
    }),
    route(endpoints.pauseConnect, ({ params }, caller) =>
      inChange(changeBy(deps, caller), (change) => pauseConnect(change, params.id, true)),
    ),
    route(endpoints.resumeConnect, async ({ params }, caller) => {
      const standing = await inChange(changeBy(deps, caller), (change) => pauseConnect(change, params.id, false));
      engine.wake();
      return standing;
    }),
    route(endpoints.discardHeld, async ({ params, body }, caller) => {
      const count = await inChange(changeBy(deps, caller), (change) => discardHeld(change, params.id, body));
      engine.wake();
      return { count };
    }),
    route(endpoints.exportConnect, async ({ params }, { scope }) => ({ yaml: await exportConnect(scope, params.id) })),
    route(endpoints.previewConnect, async ({ body }, caller, { server: { takeTurn } }) => {
      if ((body.connect !== undefined || body.adaptor !== undefined) && caller.role !== "admin")
        throw new ProblemError("forbidden", { detail: "Unsaved settings are tried out by admins only." });
      return previewConnect({ scope: caller.scope, secretBox, takeTurn }, typistOf(caller), body);
    }),
    route(endpoints.testConnect, async ({ params, body }, caller) => {
      const { accountId } = caller;
      const test = { accountId, connectId: params.id, leadId: body.lead_id, source: sourceOf(caller) };
      return { delivery_id: await testConnect(tests, test) };
    }),
    route(endpoints.testUnsavedConnect, async ({ body }, caller) => {
      const { connect_id, connect, adaptor, lead_id } = body;
      const { accountId } = caller;
      const test = { accountId, connectId: connect_id, connect, adaptor, leadId: lead_id, source: sourceOf(caller) };
      return { delivery_id: await testUnsavedConnect(tests, test) };
    }),
  ];
}

function shownLast({ outcome, result, diagnosis, at }: NonNullable<ConnectWork["last"]>, mask: LogMask | null) {
  return { outcome, result: result === null || mask === null ? result : mask.text(result), diagnosis, at };
}

function sourceOf({ kind, id, name }: Caller) {
  return { kind, id, name };
}

async function shown({ scope }: Caller, row: ConnectRow) {
  const { id, settings, revision, saved_at } = row;
  const standing = await readStanding(scope, id);
  const warnings = [...row.warnings, ...(await orderGroupWarnings(scope, id, settings))];
  return { ...settings, id, revision, saved_at: saved_at.toISOString(), standing, warnings };
}
