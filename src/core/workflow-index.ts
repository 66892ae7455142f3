import type { RelationKind, WorkflowSettings } from "../contracts/workflow.ts";
import { triggerTypes } from "./trigger-types.ts";

/** A saved workflow, as deciding needs it. */
export type Workflow = {
  readonly id: number;
  readonly revision: number;
  readonly settings: WorkflowSettings;
};

/** What an event's lead or call belongs to; null: to none, or not known. */
export type Belongings = Readonly<Record<RelationKind, number | null>> & {
  /** The event is of an inbound call. Queues and inbound numbers fire on those only. */
  readonly inbound: boolean;
};

/**
 * The active workflows of an account by event type and relation, so that an event meets only those that can fire on it:
 * ten thousand others cost it nothing. Changed in place, one workflow at a time, as saves are seen.
 */
export class WorkflowIndex {
  readonly #byKey = new Map<string, Map<number, Workflow>>();
  readonly #keysOf = new Map<number, readonly string[]>();

  /** Takes a workflow in, or its newer revision; one that is not active leaves. */
  put(workflow: Workflow): void {
    this.remove(workflow.id);
    if (!workflow.settings.active) return;
    const keys = keysOf(workflow.settings);
    this.#keysOf.set(workflow.id, keys);
    for (const key of keys) {
      const bucket = this.#byKey.get(key) ?? new Map<number, Workflow>();
      this.#byKey.set(key, bucket.set(workflow.id, workflow));
    }
  }

  remove(id: number): void {
    for (const key of this.#keysOf.get(id) ?? []) {
      const bucket = this.#byKey.get(key)!;
      bucket.delete(id);
      if (bucket.size === 0) this.#byKey.delete(key);
    }
    this.#keysOf.delete(id);
  }

  /** Those that can fire on this event, in the order of their ids. Their conditions have not been asked yet. */
  candidates(eventType: string, belongings: Belongings): Workflow[] {
    const found: Workflow[] = [];
    for (const key of eventKeys(eventType, belongings)) {
      const bucket = this.#byKey.get(key);
      if (bucket !== undefined) found.push(...bucket.values());
    }
    return found.toSorted((a, b) => a.id - b.id);
  }
}

/** Whether an event belongs to what a workflow is about; the index's own rule, for asking about one workflow. */
export function isRelated(settings: WorkflowSettings, belongings: Belongings): boolean {
  const { kind, of } = settings.relation;
  if (isInboundOnly(kind) && !belongings.inbound) return false;
  if (kind === "email_template" && belongings.email_template === null) return false;
  return of === "all" || (belongings[kind] !== null && of.includes(belongings[kind]));
}

const isInboundOnly = (kind: RelationKind): boolean => kind === "queue" || kind === "inbound_number";

function keysOf(settings: WorkflowSettings): string[] {
  const { kind, of } = settings.relation;
  const values = of === "all" ? ["all"] : of;
  return triggerTypes(settings.events).flatMap((type) => values.map((value) => `${type}|${kind}|${value}`));
}

function eventKeys(type: string, belongings: Belongings): string[] {
  const keys: string[] = [];
  for (const kind of ["campaign", "list", "queue", "inbound_number", "email_template"] as const) {
    if (isInboundOnly(kind) && !belongings.inbound) continue;
    const own = belongings[kind];
    if (kind === "email_template" && own === null) continue;
    keys.push(`${type}|${kind}|all`);
    if (own !== null) keys.push(`${type}|${kind}|${own}`);
  }
  return keys;
}
