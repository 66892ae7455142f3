import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { RefObject } from "react";
import type { Workflow } from "../../../src/contracts/endpoints/workflows.ts";
import type { Relation, Schedule, WorkflowSettings } from "../../../src/contracts/workflow.ts";
import type { EndpointAnswer } from "../../../src/contracts/endpoint.ts";
import { readBack, showWorkflow } from "../../../src/contracts/endpoints/workflows.ts";
import { call } from "../api.ts";
import { ConflictDrawer, type Choices, type PlaceWords } from "../ui/conflict.tsx";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";
import { say } from "../ui/toast.tsx";
import { changedPlaces, withChoices, type RowRules } from "../ui/three-way.ts";
import { conflictWords, isConflict, useConflict } from "../ui/use-conflict.ts";
import { valueText } from "../ui/value-words.ts";
import { changesIn, settingNames, settingsOf, type WorkflowDraft } from "./draft.ts";
import type { Choices as NamedChoices } from "./choices.ts";
import { sayRelation } from "./relation-line.tsx";
import { sayDelay, saySchedule, sayWindow } from "./words.ts";
import { workflowQuery, workflowsKey, workflowVerbs } from "./queries.ts";

/** Saves the draft as a new revision, or adds the workflow; what was refused is told by place. */
export function useSaveWorkflow({
  workflow,
  draft,
  form,
  arrived,
  begin,
  choices: named,
}: {
  workflow: Workflow | null;
  draft: WorkflowDraft;
  form: RefObject<HTMLFormElement | null>;
  arrived: ((id: number) => void) | undefined;
  /** Told what the form begins with from here on. */
  begin: (workflow: Workflow) => void;
  /** What lists, campaigns and so on are called. */
  choices: NamedChoices;
}) {
  const queries = useQueryClient();
  const conflict = useConflict(async () => {
    const theirs = await call(showWorkflow, { params: { id: workflow!.id } });
    const said = await Promise.all(
      [settingsOf(workflow!), draft.values, settingsOf(theirs)].map((settings) => saidOf(settings)),
    );
    return { workflow: theirs, said: new Map(said) };
  });
  const {
    mutate,
    error,
    isPending,
    reset,
    variables: refused,
  } = useMutation({
    mutationFn: ({ on, values }: { on: Workflow | null; values: WorkflowSettings }) =>
      on
        ? workflowVerbs.update(on.id, { ...changesIn(values, settingsOf(on)), revision: on.revision })
        : workflowVerbs.create(values),
    onSuccess: async (now) => {
      conflict.leave();
      queries.setQueryData(workflowQuery(now.id).queryKey, now);
      draft.discard();
      if (workflow) begin(now);
      say(`${now.name} is saved.`);
      await queries.invalidateQueries({ queryKey: [...workflowsKey, "list"], refetchType: "active" });
      arrived?.(now.id);
    },
    onError: async (problem) => {
      if (!(await conflict.meet(problem))) focusFirstFault(form.current ?? document);
    },
  });
  const faults = stillThere(problemPlaces(error), refused?.values, draft.values);
  const count = Object.keys(faults).length;
  const { met } = conflict;
  const places =
    met && workflow
      ? changedPlaces(settingsOf(workflow), draft.values, settingsOf(met.theirs.workflow), byPosition)
      : [];
  /** Theirs is what the form begins with from here on, and the choices what is typed. */
  const resolve = (theirs: Workflow, choices: Choices) => {
    const values = withChoices(draft.values, settingsOf(theirs), places, choices, byPosition);
    queries.setQueryData(workflowQuery(theirs.id).queryKey, theirs);
    begin(theirs);
    draft.put(values);
    conflict.leave();
    mutate({ on: theirs, values });
  };
  return {
    isPending,
    reset,
    go: () => mutate({ on: workflow, values: draft.values }),
    faults,
    drawer: met && (
      <ConflictDrawer
        saved={met.saved}
        places={places}
        words={placeWords(met.theirs.said, named)}
        verb="Save Workflow"
        saving={isPending}
        save={(choices) => resolve(met.theirs.workflow, choices)}
        back={conflict.leave}
      />
    ),
    words: isConflict(error)
      ? conflictWords
      : count > 0
        ? `Not saved: ${count === 1 ? "one place needs" : `${count} places need`} a look`
        : Object.keys(problemPlaces(error)).length > 0
          ? null
          : problemWords(error),
  };
}

/** Whether what is saved now may become what the form begins with: nothing is typed, or only the switch in the head was used. */
export function mayFollow(began: Workflow | null, newest: Workflow | null, draft: WorkflowDraft): boolean {
  if (began === null || newest === null || began.revision === newest.revision || draft.unsaved.length === 0)
    return true;
  const places = changedPlaces(settingsOf(began), draft.values, settingsOf(newest), byPosition);
  return places.every(({ path, changed }) => changed === "mine" || path === "active");
}

/** Events and action sets have no names: while nobody adds or removes one, each is looked at for itself. */
const byPosition: RowRules = { events: "position", action_sets: "position" };

/** What settings say, sentence by sentence, by the value it is said of. Settings that aren't whole yet say nothing. */
async function saidOf(settings: WorkflowSettings): Promise<readonly [WorkflowSettings, Said]> {
  try {
    return [settings, await call(readBack, { body: settings })];
  } catch {
    return [settings, { conditions: [], action_sets: [] }];
  }
}

type Said = Pick<EndpointAnswer<typeof readBack>, "conditions" | "action_sets">;

function placeWords(said: ReadonlyMap<WorkflowSettings, Said>, named: NamedChoices): PlaceWords {
  const sentences = new Map<string, string>();
  for (const [settings, { conditions, action_sets: sets }] of said) {
    settings.events.forEach((event, n) => sentences.set(JSON.stringify(event), conditions[n] ?? ""));
    settings.action_sets.forEach((set, n) => sentences.set(JSON.stringify(set), setWords(set, sets[n] ?? [])));
  }
  const read = (value: unknown): string => sentences.get(JSON.stringify(value)) || valueText(value);
  const list = (value: unknown): string => (Array.isArray(value) ? value.map(read).join("\n") || "none" : read(value));
  return {
    name: ({ key, row }) => {
      const name = settingNames[key as keyof typeof settingNames] ?? key;
      return row === null ? name : `${name.replace(/s$/, "")} ${Number(row) + 1}`;
    },
    show: (value, { key, base, mine, theirs }) => {
      if (key === "schedule") return saySchedule(value as Schedule);
      if (key === "relation") return sayRelation(value as Relation, named);
      const sides = [base, mine, theirs].filter((side) => side !== undefined);
      const values = new Set(sides.map((side) => JSON.stringify(side)));
      // what no sentence tells apart is shown as it is
      return new Set(sides.map(list)).size < values.size ? JSON.stringify(value) : list(value);
    },
  };
}

function setWords({ delay, window }: WorkflowSettings["action_sets"][number], actions: readonly string[]): string {
  const between = sayWindow(window);
  const when = sayDelay(delay, (key) => key.replaceAll("_", " "));
  return `${when}${between ? `, between ${between}` : ""}: ${actions.join(", ") || "nothing"}`;
}

/** Faults of what has not been changed since it was refused. */
function stillThere(
  faults: Readonly<Record<string, string>>,
  refused: WorkflowSettings | undefined,
  now: WorkflowSettings,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(faults).filter(([path]) => JSON.stringify(at(refused, path)) === JSON.stringify(at(now, path))),
  );
}

/** The value at a place such as `events[0].statuses`. */
function at(settings: unknown, path: string): unknown {
  let value = settings;
  for (const step of path.match(/[^.[\]]+/g) ?? []) value = (value as Record<string, unknown> | undefined)?.[step];
  return value;
}
