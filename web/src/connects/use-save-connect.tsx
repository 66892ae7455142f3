import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Connect, ConnectSettings } from "../../../src/contracts/connect.ts";
import { showConnect } from "../../../src/contracts/endpoints/connects.ts";
import { call } from "../api.ts";
import { ConflictDrawer, type Choices } from "../ui/conflict.tsx";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";
import { settingNames } from "../ui/setting-names.ts";
import { changedPlaces, withChoices, type ChangedPlace } from "../ui/three-way.ts";
import { say } from "../ui/toast.tsx";
import { conflictWords, isConflict, replacedBy, useConflict, type MetConflict } from "../ui/use-conflict.ts";
import { connectPlaceWords } from "./conflict-words.ts";
import { blankSettings, changesIn, settingsOf, type useDraft } from "./draft.ts";
import { adaptorsQuery, connectQuery, connectsKey, connectVerbs } from "./queries.ts";
import { settingOf } from "./wants-look.ts";

type Draft = ReturnType<typeof useDraft>;

/** Whether what is saved now may become what the form begins with: nothing is typed, or only the switch in the head was used. */
export function mayFollow(began: Connect | null, latest: Connect | null, draft: Draft): boolean {
  if (began === null || latest === null || began.revision === latest.revision || draft.unsaved.length === 0)
    return true;
  const places = changedPlaces(settingsOf(began), draft.values, settingsOf(latest));
  return places.every(({ path, changed }) => changed === "mine" || path === "active");
}

/** Saves the draft on the revision that it began with; what somebody else saved first is chosen from, and saved upon. */
export function useSaveConnect(
  connect: Connect | null,
  draft: Draft,
  arrived: ((id: number) => void) | undefined,
  begin: (connect: Connect) => void,
) {
  const queries = useQueryClient();
  const conflict = useConflict(() => call(showConnect, { params: { id: connect!.id } }));
  const mutation = useMutation({
    mutationFn: ({ on, changes }: { on: Connect | null; changes: Partial<ConnectSettings> }) =>
      on
        ? connectVerbs.update(on.id, { ...changes, revision: on.revision })
        : connectVerbs.create({ ...blankSettings, ...changes }),
    onSuccess: async (now) => {
      conflict.leave();
      queries.setQueryData(connectQuery(now.id).queryKey, now);
      draft.discard();
      if (connect) begin(now);
      say(`${now.name} is saved.`);
      await queries.invalidateQueries({ queryKey: connectsKey, refetchType: "active" });
      arrived?.(now.id);
    },
    onError: async (error) => {
      if (!(await conflict.meet(error))) focusFirstFault();
    },
  });
  const places = problemPlaces(mutation.error);
  const shown = Object.keys(places).filter((path) => settingOf(path) !== null);
  const { met } = conflict;
  const adaptors = useQuery(adaptorsQuery).data?.items;
  const changed = met && connect ? placesOf(connect, draft, met) : [];
  /** Their settings are what the form begins with from here on, and the choices what is typed. */
  const resolve = (theirs: Connect, choices: Choices) => {
    const values = withChoices(draft.values, settingsOf(theirs), changed, choices);
    queries.setQueryData(connectQuery(theirs.id).queryKey, theirs);
    begin(theirs);
    draft.put(values);
    conflict.leave();
    mutation.mutate({ on: theirs, changes: changesIn(values, settingsOf(theirs)) });
  };
  return {
    isPending: mutation.isPending,
    isSuccess: mutation.isSuccess,
    reset: mutation.reset,
    go: () => mutation.mutate({ on: connect, changes: connect ? draft.changes : draft.values }),
    faults: places,
    words: isConflict(mutation.error)
      ? conflictWords
      : (problemWords(mutation.error, shown) ?? (mutation.error ? toPutRight(shown) : null)),
    drawer: met && (
      <ConflictDrawer
        saved={met.saved}
        places={changed}
        words={connectPlaceWords(met.saved, (id) => adaptors?.find((one) => one.id === id)?.name)}
        verb="Save Connect"
        saving={mutation.isPending}
        save={(choices) => resolve(met.theirs, choices)}
        back={conflict.leave}
      />
    ),
  };
}

const placesOf = (began: Connect, draft: Draft, { saved, theirs }: MetConflict<Connect>): ChangedPlace[] =>
  changedPlaces(settingsOf(began), draft.values, settingsOf(theirs), {}, replacedBy(saved));

function toPutRight(paths: readonly string[]): string {
  const names = new Set(paths.map(settingOf).filter((setting) => setting !== null));
  return `To put right: ${[...names].map((name) => settingNames[name]).join(", ")}`;
}
