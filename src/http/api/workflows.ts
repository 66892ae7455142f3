import { inChange } from "../../admin/change.ts";
import { deleteWorkflow, saveWorkflow } from "../../admin/save-workflow.ts";
import * as endpoints from "../../contracts/endpoints/workflows.ts";
import type { WorkflowSettings } from "../../contracts/workflow.ts";
import type { WorkflowWorld } from "../../core/check-context.ts";
import { checkWorkflow } from "../../core/check-workflow.ts";
import { ProblemError } from "../../core/problem-error.ts";
import { sayCondition } from "../../core/say-condition.ts";
import { sayAction, sayWorkflow } from "../../core/say-workflow.ts";
import { namesOfWorkflows } from "../../engine/names-of-workflows.ts";
import type { AccountScope } from "../../store/account-scope.ts";
import { describeWorkflows, findWorkflow, listWorkflows, type SavedWorkflow } from "../../store/saved-workflows.ts";
import { workflowWorld } from "../../store/workflow-world.ts";
import { changeBy, type AdminDeps } from "../change-by.ts";
import { afterOf, pageOfRows } from "../paging.ts";
import { route, type Route } from "../route.ts";

/** Workflows: the list, one with its settings, and what unsaved settings say. */
export function workflowRoutes(deps: AdminDeps): Route[] {
  return [
    route(endpoints.listWorkflows, async ({ query }, { scope }) => {
      const rows = await listWorkflows(scope, afterOf(query.cursor, 0), query.limit + 1);
      const work = await describeWorkflows(
        scope,
        rows.map(({ id }) => id),
      );
      const names = await namesOfWorkflows(
        scope,
        rows.map(({ settings }) => settings),
      );
      return pageOfRows(rows, query.limit, ({ id, name, active, settings, notice, saved_at }) => ({
        id,
        name,
        description: settings.description,
        active,
        sentence: sayWorkflow(settings, names),
        ...(work.get(id) ?? { fired: 0, pending: 0 }),
        notice,
        saved_at: saved_at.toISOString(),
      }));
    }),
    route(endpoints.createWorkflow, async ({ body }, caller) =>
      shown(caller.scope, await inChange(changeBy(deps, caller), (change) => saveWorkflow(change, null, body))),
    ),
    route(endpoints.showWorkflow, async ({ params }, { scope }) => {
      const row = await findWorkflow(scope, params.id);
      if (row === null) throw new ProblemError("not_found", { detail: `There is no workflow ${params.id}.` });
      return shown(scope, row);
    }),
    route(endpoints.updateWorkflow, async ({ params, body }, caller) => {
      const { revision, ...values } = body;
      const row = await inChange(changeBy(deps, caller), (change) =>
        saveWorkflow(change, params.id, values, { revision }),
      );
      return shown(caller.scope, row);
    }),
    route(endpoints.deleteWorkflow, async ({ params }, caller) => {
      await inChange(changeBy(deps, caller), (change) => deleteWorkflow(change, params.id));
      return null;
    }),
    route(endpoints.readBack, async ({ body }, { scope }) => {
      const names = await namesOfWorkflows(scope, [body]);
      return {
        sentence: sayWorkflow(body, names),
        conditions: body.events.map((event) => sayCondition(event, names)),
        action_sets: body.action_sets.map((set) => set.actions.map((action) => sayAction(action, names))),
        warnings: remarks(body, await workflowWorld(scope)),
      };
    }),
  ];
}

async function shown(scope: AccountScope, { id, settings, revision, notice, saved_at }: SavedWorkflow) {
  return {
    ...settings,
    id,
    revision,
    notice,
    saved_at: saved_at.toISOString(),
    sentence: sayWorkflow(settings, await namesOfWorkflows(scope, [settings])),
    warnings: remarks(settings, await workflowWorld(scope)),
  };
}

/** What keeps it from being saved, or else deserves a look. What it names may have gone since it was saved. */
function remarks(settings: WorkflowSettings, world: WorkflowWorld) {
  const checked = checkWorkflow(settings, world);
  return [...(checked.ok ? checked.warnings : checked.problems)];
}
