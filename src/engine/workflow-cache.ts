import type { WorkflowId } from "../contracts/ids.ts";
import { triggerTypes } from "../core/trigger-types.ts";
import { WorkflowIndex, type Workflow } from "../core/workflow-index.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { workflowsSince, workflowsVersion, type WorkflowRow } from "../store/workflows.ts";

/** An account's workflows as of one statement of the caller's transaction. */
export type KnownWorkflows = {
  readonly index: WorkflowIndex;
  /** Also those that are off: their pending actions ask for them. Deleted ones are absent. */
  readonly byId: ReadonlyMap<WorkflowId, Workflow & { readonly id: WorkflowId }>;
  /** Some workflow has a stop condition, so that pending actions are to be asked for. */
  readonly stopsSome: boolean;
  /** Some workflow that is on asks how a delivery ended. */
  readonly asksOutcomes: boolean;
  /** The caller's transaction itself switched these off; the index does not know yet. */
  readonly switchedOff: ReadonlySet<number>;
};

type WorkflowCache = {
  /** What is saved and committed by now, in whatever process: only what changed since the last call is read. */
  readonly of: (scope: AccountScope) => Promise<KnownWorkflows>;
};

type Entry = {
  seen: number;
  readonly index: WorkflowIndex;
  readonly byId: Map<WorkflowId, Workflow & { readonly id: WorkflowId }>;
  readonly versions: Map<WorkflowId, number>;
  readonly stopping: Set<WorkflowId>;
  readonly asking: Set<WorkflowId>;
};

/**
 * Keeps every account's workflows in this process, indexed. Versions commit in their order (a save locks its account's
 * row), so whoever has read up to one has missed nothing below it. What a transaction has not committed yet is never kept.
 */
function createWorkflowCache(): WorkflowCache {
  const entries = new Map<string, Entry>();
  return {
    of: async (scope) => {
      const { version, switchedOff, database } = await workflowsVersion(scope);
      const key = `${database}/${scope.accountId}`;
      const entry = entries.get(key) ?? newEntry();
      entries.set(key, entry);
      // the version above what is seen may be this transaction's own, which could still be rolled back
      if (version > entry.seen && switchedOff.size === 0)
        for (const row of await workflowsSince(scope, entry.seen)) take(entry, row);
      return {
        index: entry.index,
        byId: entry.byId,
        stopsSome: entry.stopping.size > 0,
        asksOutcomes: entry.asking.size > 0,
        switchedOff,
      };
    },
  };
}

function newEntry(): Entry {
  return {
    seen: 0,
    index: new WorkflowIndex(),
    byId: new Map(),
    versions: new Map(),
    stopping: new Set(),
    asking: new Set(),
  };
}

/** Two transactions may read side by side: the older of two rows is not taken after the newer. */
function take(entry: Entry, row: WorkflowRow): void {
  entry.seen = Math.max(entry.seen, row.version);
  if ((entry.versions.get(row.id) ?? 0) >= row.version) return;
  entry.versions.set(row.id, row.version);
  if (row.deleted) {
    entry.index.remove(row.id);
    entry.byId.delete(row.id);
    entry.stopping.delete(row.id);
    entry.asking.delete(row.id);
    return;
  }
  const settings = { ...row.settings, name: row.name, active: row.active };
  const workflow = { id: row.id, revision: row.revision, settings };
  entry.index.put(workflow);
  entry.byId.set(row.id, workflow);
  if (settings.stop_if === "never") entry.stopping.delete(row.id);
  else entry.stopping.add(row.id);
  if (row.active && triggerTypes(settings.events).includes("delivery.settled")) entry.asking.add(row.id);
  else entry.asking.delete(row.id);
}

const cache = createWorkflowCache();

/** The account's workflows as of now, in whatever process they were saved; kept in this one between calls. */
export function knownWorkflows(scope: AccountScope): Promise<KnownWorkflows> {
  return cache.of(scope);
}
