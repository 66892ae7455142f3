import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { RefObject } from "react";
import type { Workflow } from "../../../src/contracts/endpoints/workflows.ts";
import type { WorkflowSettings } from "../../../src/contracts/workflow.ts";
import { ApiProblem } from "../api.ts";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";
import { say } from "../ui/toast.tsx";
import type { WorkflowDraft } from "./draft.ts";
import { workflowQuery, workflowsKey, workflowVerbs } from "./queries.ts";

/** Saves the draft as a new revision, or adds the workflow; what was refused is told by place. */
export function useSaveWorkflow({
  workflow,
  draft,
  form,
  arrived,
}: {
  workflow: Workflow | null;
  draft: WorkflowDraft;
  form: RefObject<HTMLFormElement | null>;
  arrived: ((id: number) => void) | undefined;
}) {
  const queries = useQueryClient();
  const {
    mutate,
    error,
    isPending,
    reset,
    variables: refused,
  } = useMutation({
    mutationFn: (values: WorkflowSettings) =>
      workflow
        ? workflowVerbs.update(workflow.id, { ...draft.changes, revision: workflow.revision })
        : workflowVerbs.create(values),
    onSuccess: async (now) => {
      queries.setQueryData(workflowQuery(now.id).queryKey, now);
      draft.discard();
      say(`${now.name} is saved.`);
      await queries.invalidateQueries({ queryKey: [...workflowsKey, "list"], refetchType: "active" });
      arrived?.(now.id);
    },
    onError: () => focusFirstFault(form.current ?? document),
  });
  const faults = stillThere(problemPlaces(error), refused, draft.values);
  const count = Object.keys(faults).length;
  const conflict = error instanceof ApiProblem && error.code === "conflict";
  return {
    isPending,
    reset,
    go: () => mutate(draft.values),
    faults,
    words: conflict
      ? "Somebody else saved this workflow in the meantime. Discard, load the page again, then make your change."
      : count > 0
        ? `Not saved: ${count === 1 ? "one place needs" : `${count} places need`} a look`
        : Object.keys(problemPlaces(error)).length > 0
          ? null
          : problemWords(error),
  };
}

/** Faults of what has not been changed since it was refused. */
function stillThere(
  faults: Readonly<Record<string, string>>,
  refused: WorkflowSettings | undefined,
  now: WorkflowSettings,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(faults).filter(([path]) => JSON.stringify(at(refused, path)) === JSON.stringify(at(now, path))),
  );
}

/** The value at a place such as `events[0].statuses`. */
function at(settings: unknown, path: string): unknown {
  let value = settings;
  for (const step of path.match(/[^.[\]]+/g) ?? []) value = (value as Record<string, unknown> | undefined)?.[step];
  return value;
}
