import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { problemPlaces, problemWords } from "../ui/problem-places.ts";
import { FormDrawer } from "./form-drawer.tsx";
import type { NounProps } from "./noun-props.ts";

/** Adds one of a noun, or changes one. */
export function NounDrawer<Item extends { readonly id: number }, Draft extends object>({
  item,
  noun,
  nameOf,
  draftOf,
  Fields,
  save,
  saved,
  close,
}: Pick<NounProps<Item, Draft>, "noun" | "nameOf" | "draftOf" | "Fields" | "save"> & {
  item: Item | null;
  saved: (item: Item | null) => void;
  close: () => void;
}) {
  const [draft, setDraft] = useState(() => draftOf(item));
  const { mutate, error, isPending } = useMutation({ mutationFn: () => save(item, draft) });
  const places = problemPlaces(error);
  return (
    <FormDrawer
      title={item ? `Edit ${nameOf(item)}` : `Add ${noun}`}
      verb={item ? `Save ${noun}` : `Add ${noun}`}
      saving={isPending}
      fault={problemWords(error, Object.keys(draft))}
      close={close}
      submit={(refused) => mutate(undefined, { onSuccess: () => saved(item), onError: refused })}
    >
      <Fields item={item} draft={draft} places={places} set={(patch) => setDraft((was) => ({ ...was, ...patch }))} />
    </FormDrawer>
  );
}
