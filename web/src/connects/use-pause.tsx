import { useMutation, useQueryClient } from "@tanstack/react-query";
import { wordsOf } from "../api.ts";
import { say } from "../ui/toast.tsx";
import { connectVerbs, refreshHeld } from "./queries.ts";

type Target = { readonly id: number; readonly name: string };

/** Pauses a connect, or ends its pause, at once; each can be undone by the other. */
export function usePause() {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: ({ target, paused }: { target: Target; paused: boolean }) =>
      paused ? connectVerbs.pause(target.id) : connectVerbs.resume(target.id),
    onSuccess: async (_, { target, paused }) => {
      await refreshHeld(queries);
      const words = paused ? "is paused. What comes in waits." : "is resumed. What waited goes out.";
      say(`${target.name} ${words}`, { act: () => change.mutate({ target, paused: !paused }) });
    },
    // it is done from menus too, which have no place for a fault
    onError: (error) => say(wordsOf(error)),
  });
  return {
    pause: (target: Target, paused: boolean) => change.mutate({ target, paused }),
    pending: change.isPending,
  };
}
