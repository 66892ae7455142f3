import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { Workflow } from "../../../src/contracts/endpoints/workflows.ts";
import type { WorkflowDraft } from "./draft.ts";
import { readBackQuery } from "./queries.ts";

type SaidBack = {
  readonly sentence: string;
  readonly warnings: readonly { readonly path: string; readonly message: string }[];
  /** Something has to be chosen yet; the sentence is the last that could be said. */
  readonly unfinished: boolean;
};

/** The draft as a sentence, and what deserves a look, a moment after the last change. */
export function useReadBack(draft: WorkflowDraft, workflow: Workflow | null): SaidBack {
  const [values] = useDebouncedValue(draft.values, 250);
  const changed = workflow === null || draft.unsaved.length > 0;
  const asked = values.name.trim() === "" ? { ...values, name: "New workflow" } : values;
  const { data, error } = useQuery({ ...readBackQuery(asked), enabled: changed });
  if (!changed) return { sentence: workflow.sentence, warnings: workflow.warnings, unfinished: false };
  return {
    sentence: data?.sentence ?? workflow?.sentence ?? "",
    warnings: error ? [] : (data?.warnings ?? []),
    unfinished: error !== null,
  };
}

export function ReadsBack({ said }: { said: SaidBack }) {
  return (
    <div className="wreads" aria-live="polite">
      {said.sentence === "" ? (
        <span className="dim">Say when it fires and what it does: it is read back here in one sentence.</span>
      ) : (
        said.sentence
      )}
      {said.unfinished && said.sentence !== "" && <div className="dim small">Something is not chosen yet.</div>}
    </div>
  );
}
