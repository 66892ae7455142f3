import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteAdaptor } from "../../../src/contracts/endpoints/connects.ts";
import type { AdaptorId } from "../../../src/contracts/ids.ts";
import { call } from "../api.ts";
import { askOnce, sayRefused } from "../ui/ask-once.tsx";
import { say } from "../ui/toast.tsx";
import { adaptorsKey } from "./queries.ts";

type Deletable = {
  readonly id: AdaptorId;
  readonly name: string;
  readonly used_by: readonly { readonly name: string }[];
};

/** Asks once and deletes; one that connects use is kept, and the reason said. */
export function useDeleteAdaptor(gone?: () => void): (adaptor: Deletable) => void {
  const queries = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: ({ id }: Deletable) => call(deleteAdaptor, { params: { id } }),
    onSuccess: (_, { name }) => {
      void queries.invalidateQueries({ queryKey: adaptorsKey });
      say(`${name} is deleted`);
      gone?.();
    },
    onError: (error, { name }) => sayRefused(`${name} is not deleted`, error),
  });
  return (adaptor) => {
    const users = adaptor.used_by.map(({ name }) => name).join(", ");
    if (users)
      sayRefused(
        `${adaptor.name} is in use`,
        `${users} ${adaptor.used_by.length === 1 ? "sends" : "send"} through it. Choose another adaptor there first, then delete this one.`,
      );
    else
      askOnce({
        title: `Delete ${adaptor.name}?`,
        text: "Its rows are gone with it. No connect uses it.",
        verb: "Delete adaptor",
        act: () => mutate(adaptor),
      });
  };
}
