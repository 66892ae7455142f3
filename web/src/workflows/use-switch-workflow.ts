import { useMutation, useQueryClient } from "@tanstack/react-query";
import { problemWords } from "../ui/problem-places.ts";
import { say } from "../ui/toast.tsx";
import { workflowQuery, workflowsKey, workflowVerbs } from "./queries.ts";

type Switched = { readonly id: number; readonly name: string };

/** Switches a workflow on or off at once; nothing else of it is saved. */
export function useSwitchWorkflow() {
  const queries = useQueryClient();
  const { mutate, error, isPending, variables } = useMutation({
    mutationFn: ({ workflow, active }: { workflow: Switched; active: boolean }) =>
      workflowVerbs.update(workflow.id, { active }),
    onSuccess: async (now) => {
      queries.setQueryData(workflowQuery(now.id).queryKey, now);
      say(`${now.name} is ${now.active ? "on" : "off"}.`);
      await queries.invalidateQueries({ queryKey: [...workflowsKey, "list"] });
    },
  });
  return {
    pending: isPending ? variables.workflow.id : null,
    fault: error ? `${variables?.workflow.name} could not be switched: ${problemWords(error, []) ?? ""}` : null,
    switchTo: (workflow: Switched, active: boolean) => mutate({ workflow, active }),
  };
}
