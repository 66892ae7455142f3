import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Fault } from "../ui/fault.tsx";
import { askOnce } from "../ui/ask-once.tsx";
import { say } from "../ui/toast.tsx";
import type { LogFilter } from "./filter.ts";
import { deliveriesKey, retryChosen, retryMatching, retryOne } from "./queries.ts";

const countWords = (count: number): string =>
  count === 1 ? "1 delivery goes out again." : `${count.toLocaleString("en")} deliveries go out again.`;

/** Sends one delivery again. */
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

/** Sends the chosen ones again. */
export function useRetryChosen(done: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: retryChosen,
    onSuccess: ({ count }) => {
      say(countWords(count));
      done();
      return queries.invalidateQueries({ queryKey: deliveriesKey });
    },
  });
}

/** Asks once, then sends again everything that matches the filter. */
export function useRetryMatching(filter: LogFilter, matching: string) {
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () => retryMatching(filter),
    onSuccess: ({ count }) => {
      say(countWords(count));
      return queries.invalidateQueries({ queryKey: deliveriesKey });
    },
  });
  return {
    ask: () =>
      askOnce({
        title: `Retry all ${matching} that match?`,
        text: "Each goes to its vendor again, with the bytes of the first time. A vendor who took one may have it twice.",
        verb: `Retry all ${matching}`,
        keep: "Leave them",
        danger: false,
        act: () => retry.mutate(),
      }),
    fault: retry.error && (
      <div className="pad">
        <Fault what="They were not sent again." error={retry.error} />
      </div>
    ),
  };
}
