import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { RefObject } from "react";
import type { Workflow } from "../../../src/contracts/endpoints/workflows.ts";
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
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: () =>
      workflow
        ? workflowVerbs.update(workflow.id, { ...draft.changes, revision: workflow.revision })
        : workflowVerbs.create(draft.values),
    onSuccess: async (now) => {
      queries.setQueryData(workflowQuery(now.id).queryKey, now);
      draft.discard();
      say(`${now.name} is saved.`);
      await queries.invalidateQueries({ queryKey: [...workflowsKey, "list"], refetchType: "active" });
      arrived?.(now.id);
    },
    onError: () => focusFirstFault(form.current ?? document),
  });
  const faults = problemPlaces(error);
  const count = Object.keys(faults).length;
  const conflict = error instanceof ApiProblem && error.code === "conflict";
  return {
    isPending,
    reset,
    go: () => mutate(),
    faults,
    words: conflict
      ? "Somebody else saved this workflow in the meantime. Discard, load the page again, then make your change."
      : count > 0
        ? `Not saved: ${count === 1 ? "one place needs" : `${count} places need`} a look`
        : problemWords(error),
  };
}
