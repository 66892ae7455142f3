import type { WorkflowId } from "../contracts/ids.ts";
import { limits } from "../contracts/limits.ts";
import type { WorkflowSettings } from "../contracts/workflow.ts";
import { checkWorkflow } from "../core/check-workflow.ts";
import { ProblemError } from "../core/problem-error.ts";
import { compareWorkflows, createTally, sayRehearsed } from "../core/rehearse.ts";
import { sayAction } from "../core/say-workflow.ts";
import type { Workflow } from "../core/workflow-index.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { latestEvents } from "../store/recorded-events.ts";
import { findWorkflow } from "../store/saved-workflows.ts";
import { workflowWorld } from "../store/workflow-world.ts";
import { decideWorld, happeningOf } from "./decide-event-context.ts";
import { namesOfWorkflows } from "./names-of-workflows.ts";
import { rehearseAdaptor, rehearseConnect } from "./rehearse-deliveries.ts";
import { inDraft, keptOfEach, type Bounds, type Draft, type RehearsalDeps, type Rehearsed } from "./rehearsed.ts";

/**
 * What saving a draft would change (spec 4, Rehearsal): draft and saved revision are both run over the last real events
 * and recorded answers, by the code that decides, maps, builds and judges for real. Nothing is stored and nothing is
 * sent. Throws ProblemError when the draft could not be saved.
 */
export async function rehearse(deps: RehearsalDeps, draft: Draft, bounds: Bounds): Promise<Rehearsed> {
  if (draft.of === "connect") return rehearseConnect(deps, draft.id, draft.settings, bounds);
  if (draft.of === "adaptor") return rehearseAdaptor(deps, draft.id, draft.settings, bounds);
  return rehearseOneWorkflow(deps.scope, draft.id, draft.settings, bounds);
}

async function rehearseOneWorkflow(
  scope: AccountScope,
  id: WorkflowId | null,
  settings: WorkflowSettings,
  bounds: Bounds,
): Promise<Rehearsed> {
  const saved = id === null ? null : await savedWorkflow(scope, id);
  const checked = checkWorkflow(settings, await workflowWorld(scope));
  if (!checked.ok) throw new ProblemError("bad_input", { errors: checked.problems.map(inDraft) });
  const draft: Workflow = { id: saved?.id ?? 0, revision: saved?.revision ?? 0, settings: checked.settings };
  const both = saved === null ? [draft] : [saved, draft];

  const latest = await latestEvents(scope, bounds, limits.rehearsedBytesMax);
  const rows = latest.rows.filter((event) => event.bulk !== true);
  const { contextOf } = await decideWorld(
    scope,
    both,
    rows.map(({ source }) => source),
  );
  const names = await namesOfWorkflows(
    scope,
    both.map((workflow) => workflow.settings),
  );
  const events = rows.map((row) => ({
    id: row.id,
    leadId: row.leadId,
    happening: happeningOf(row),
    context: contextOf(row),
  }));
  const tally = createTally(keptOfEach);
  tally.add(compareWorkflows(saved, draft, events, (action) => sayAction(action, names)));
  const counts = tally.counts();
  return {
    events: events.length,
    leftOut: latest.leftOut,
    answers: 0,
    headline: sayRehearsed(events.length, counts, "action"),
    counts,
    differences: tally.kept(),
  };
}

async function savedWorkflow(scope: AccountScope, id: WorkflowId): Promise<Workflow> {
  const row = await findWorkflow(scope, id);
  if (row === null) throw new ProblemError("not_found", { detail: `There is no workflow ${id}.` });
  return row;
}
