import { useMutation, useQueryClient } from "@tanstack/react-query";
import { say } from "../ui/toast.tsx";
import { deliveriesKey, retryOne } from "./queries.ts";

/** Sends one delivery again, at once and as it was first sent. */
export function useRetryOne(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => retryOne(id),
    onSuccess: () => {
      say("It goes out again.");
      return queries.invalidateQueries({ queryKey: deliveriesKey });
    },
  });
}
