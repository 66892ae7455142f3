import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ConflictDrawer, type Choices } from "../ui/conflict.tsx";
import { problemPlaces, problemWords } from "../ui/problem-places.ts";
import { sentence } from "../ui/sentence.ts";
import { changedPlaces, withChoices } from "../ui/three-way.ts";
import { conflictWords, isConflict, useConflict } from "../ui/use-conflict.ts";
import { valueText } from "../ui/value-words.ts";
import { FormDrawer } from "./form-drawer.tsx";
import type { NounProps, Saved } from "./noun-props.ts";

/** Adds one of a noun, or changes one. */
export function NounDrawer<Item extends Saved, Draft extends object>({
  item: first,
  noun,
  nameOf,
  draftOf,
  Fields,
  save,
  saved,
  close,
  found,
  partNames,
  partText,
}: Pick<
  NounProps<Item, Draft>,
  "noun" | "nameOf" | "draftOf" | "Fields" | "save" | "found" | "partNames" | "partText"
> & {
  item: Item | null;
  saved: (item: Item | null) => void;
  close: () => void;
}) {
  const [item, setItem] = useState(first);
  const [draft, setDraft] = useState(() => draftOf(item));
  const conflict = useConflict(async () => {
    const { data } = await found.refetch();
    return data?.items.find(({ id }) => id === item?.id) ?? null;
  });
  const { mutate, error, isPending } = useMutation({
    mutationFn: ({ on, values }: { on: Item | null; values: Draft }) => save(on, values),
    onSuccess: () => saved(item),
  });
  const { met } = conflict;
  const theirs = met?.theirs ?? null;
  const changed = theirs === null ? [] : changedPlaces(draftOf(item), draft, draftOf(theirs));
  const resolve = (on: Item, choices: Choices) => {
    const values = withChoices(draft, draftOf(on), changed, choices);
    setItem(on);
    setDraft(values);
    conflict.leave();
    mutate({ on, values });
  };
  const places = problemPlaces(error);
  return (
    <FormDrawer
      title={item ? `Edit ${nameOf(item)}` : `Add ${noun}`}
      verb={item ? `Save ${noun}` : `Add ${noun}`}
      saving={isPending}
      fault={isConflict(error) ? conflictWords : problemWords(error, Object.keys(draft))}
      close={close}
      submit={(refused) =>
        mutate(
          { on: item, values: draft },
          { onError: (problem) => void conflict.meet(problem).then((isMet) => isMet || refused()) },
        )
      }
    >
      <Fields item={item} draft={draft} places={places} set={(patch) => setDraft((was) => ({ ...was, ...patch }))} />
      {met && theirs && (
        <ConflictDrawer
          saved={met.saved}
          places={changed}
          words={{
            name: ({ key }) => partNames?.[key as keyof Draft & string] ?? partWords(key),
            show: (value, { key }) => partText?.[key as keyof Draft & string]?.(value) ?? valueText(value),
          }}
          verb={`Save ${noun}`}
          saving={isPending}
          save={(choices) => resolve(theirs, choices)}
          back={conflict.leave}
        />
      )}
    </FormDrawer>
  );
}

/** `campaign_id` is Campaign, as the form calls it. */
const partWords = (key: string): string => sentence(key.replace(/_id$/, "").replaceAll("_", " ")).replace(/\.$/, "");
