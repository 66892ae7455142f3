import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Connect, ConnectSummary } from "../../../src/contracts/connect.ts";
import { sayRefused } from "../ui/ask-once.tsx";
import { say } from "../ui/toast.tsx";
import { connectVerbs, refreshHeld } from "./queries.ts";
import { resumedWords } from "./standing.ts";

type Target = Pick<Connect, "id" | "name" | "active"> & Partial<Pick<ConnectSummary, "held">>;

/** Pauses a connect, or ends its pause, at once; each can be undone by the other. */
export function usePause() {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: ({ target, paused }: { target: Target; paused: boolean }) =>
      paused ? connectVerbs.pause(target.id) : connectVerbs.resume(target.id),
    onSuccess: async (standing, { target, paused }) => {
      await refreshHeld(queries);
      const words = paused ? `${target.name} is paused. What comes in waits.` : resumedWords(target, standing);
      say(words, { act: () => change.mutate({ target, paused: !paused }) });
    },
    // it is done from menus too, which have no place for a fault
    onError: (error, { target, paused }) =>
      sayRefused(`${target.name} is ${paused ? "not paused" : "still paused"}`, error),
  });
  return {
    pause: (target: Target, paused: boolean) => change.mutate({ target, paused }),
    pending: change.isPending,
  };
}
