import { useBlocker } from "@tanstack/react-router";
import { useEffect } from "react";
import { useHoldsEdits } from "./edits.ts";
import { askOnce } from "./ask-once.tsx";

/** Leaving a page with unsaved changes asks once, and names them. Search parameters may change freely. */
export function useUnsaved(names: readonly string[]): void {
  const dirty = names.length > 0;
  useHoldsEdits(dirty);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: dirty,
    withResolver: true,
  });
  const { status } = blocker;
  const text = `Not saved: ${names.join(", ")}.`;
  useEffect(() => {
    if (status !== "blocked") return;
    askOnce({
      title: "Leave without saving?",
      text,
      verb: "Leave",
      keep: "Stay",
      act: () => blocker.proceed?.(),
      not: () => blocker.reset?.(),
    });
    // asked when the status changes, not when the words do
    // oxlint-disable-next-line react/exhaustive-deps
  }, [status]);
}
