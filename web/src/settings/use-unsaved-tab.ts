import { useBlocker } from "@tanstack/react-router";
import { useEffect } from "react";
import { askOnce } from "../ui/ask-once.tsx";
import { useUnsaved } from "../ui/use-unsaved.tsx";

/** Like useUnsaved, for one tab of the settings: another tab is another page. */
export function useUnsavedTab(names: readonly string[]): void {
  useUnsaved(names);
  const dirty = names.length > 0;
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname === next.pathname && tabOf(current) !== tabOf(next),
    enableBeforeUnload: false,
    withResolver: true,
  });
  const text = `Not saved: ${names.join(", ")}.`;
  useEffect(() => {
    if (status !== "blocked") return;
    askOnce({
      title: "Leave without saving?",
      text,
      verb: "Leave",
      keep: "Stay",
      act: () => proceed?.(),
      not: () => reset?.(),
    });
    // asked when the status changes, not when the words do
    // oxlint-disable-next-line react/exhaustive-deps
  }, [status]);
}

const tabOf = ({ search }: { readonly search: object }): unknown => (search as Record<string, unknown>)["tab"];
