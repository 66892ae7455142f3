import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { DeliveryStory } from "../../../src/contracts/delivery.ts";
import { say } from "../ui/toast.tsx";
import { deliveriesKey, retryOne, storyQuery } from "./queries.ts";

/** Sends one delivery again, at once and as it was first sent; what is said of it is how it stands then. */
export function useRetryOne({ id, connect }: Pick<DeliveryStory, "id" | "connect">) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => retryOne(id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: deliveriesKey });
      const now = queries.getQueryData(storyQuery(id).queryKey);
      if (now?.state === "held") say(`It is due again, and waits for ${connect.name}.`);
      else say(now?.state === "settled" ? "It was sent again." : "It goes out again.");
    },
  });
}
