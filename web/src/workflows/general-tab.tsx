import "./workflows.css";
import { Button, Textarea, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Workflow } from "../../../src/contracts/endpoints/workflows.ts";
import type { WorkflowSettings } from "../../../src/contracts/workflow.ts";
import { RehearsalRun, type RehearsalDraft } from "../ui/rehearsal.tsx";
import { SaveBar } from "../ui/save-bar.tsx";
import { useMay } from "../ui/session.ts";
import { BottomSheet } from "../ui/side.tsx";
import { useUnsaved } from "../ui/use-unsaved.tsx";
import { ActionSets } from "./action-sets.tsx";
import { ChoicesProvider, useLoadChoices } from "./choices.ts";
import { blankWorkflow, settingsOf, useWorkflowDraft, type WorkflowDraft } from "./draft.ts";
import { EventsEditor } from "./events-editor.tsx";
import { ForWhom } from "./for-whom.tsx";
import { workflowQuery } from "./queries.ts";
import { ReadsBack, useReadBack } from "./read-back.tsx";
import { RelationLine } from "./relation-line.tsx";
import { RemarksProvider, Said } from "./remarks.tsx";
import { mayFollow, useSaveWorkflow } from "./use-save-workflow.tsx";
import { ReadOnlyProvider } from "./value.tsx";

/** General: the sentence, then what it says as lines that can be changed, with the rehearsal beside them. */
export function GeneralTab() {
  const { id = "" } = useParams({ strict: false });
  const { data } = useQuery(workflowQuery(Number(id)));
  return data ? <WorkflowForm key={data.id} workflow={data} /> : null;
}

/** `workflow` null: it is being added; `arrived` is told its id. */
export function WorkflowForm({
  workflow: newest,
  arrived,
}: {
  workflow: Workflow | null;
  arrived?: (id: number) => void;
}) {
  const [workflow, setWorkflow] = useState(newest);
  const saved = useMemo(() => (workflow ? settingsOf(workflow) : blankWorkflow), [workflow]);
  const draft = useWorkflowDraft(saved);
  // what was changed elsewhere does not slip under what is being typed: saving asks about it
  if (newest !== workflow && mayFollow(workflow, newest, draft)) setWorkflow(newest);
  const admin = useMay("admin");
  const choices = useLoadChoices();
  const form = useRef<HTMLFormElement>(null);
  const save = useSaveWorkflow({ workflow, draft, form, arrived, begin: setWorkflow, choices });
  const said = useReadBack(draft, workflow);
  const [sheet, setSheet] = useState(false);
  const narrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  useUnsaved(draft.unsaved);
  const remarks = [
    ...Object.entries(save.faults).map(([path, message]) => ({ path, message, fault: true })),
    ...said.warnings.map((warning) => ({ ...warning, fault: false })),
  ];
  const rehearsed: RehearsalDraft = { of: "workflow", id: workflow?.id ?? null, settings: named(draft.values) };
  return (
    <ChoicesProvider value={choices}>
      <ReadOnlyProvider value={!admin}>
        <RemarksProvider value={remarks}>
          {save.drawer}
          <div className="wgrid">
            <form
              ref={form}
              noValidate
              aria-label="Workflow"
              className="wmain"
              onSubmit={(event) => {
                event.preventDefault();
                save.go();
              }}
            >
              <ReadsBack said={said} />
              <NameAndDescription draft={draft} faults={save.faults} readOnly={!admin} fresh={workflow === null} />
              <h2 className="whead">
                When <span className="dim">all of these are true</span>
              </h2>
              <RelationLine relation={draft.values.relation} set={(relation) => draft.set("relation", relation)} />
              {draft.values.events.length > 0 && <div className="wand">and</div>}
              <EventsEditor events={draft.values.events} path="events" set={(events) => draft.set("events", events)} />
              <Said at="events" exact />
              <h2 className="whead">Then</h2>
              <ActionSets
                sets={draft.values.action_sets}
                schedule={draft.values.schedule}
                set={(sets) => draft.set("action_sets", sets)}
                setSchedule={(schedule) => draft.set("schedule", schedule)}
              />
              <h2 className="whead">For whom, and when not</h2>
              <ForWhom draft={draft} />
              {admin && (
                <SaveBar
                  verb="Save Workflow"
                  unsaved={draft.unsaved}
                  saving={save.isPending}
                  discard={() => {
                    draft.discard();
                    save.reset();
                  }}
                  fault={save.words}
                  fresh={workflow === null}
                  acts={
                    <Button
                      type="button"
                      className="only-n"
                      variant="default"
                      aria-label="What would change?"
                      leftSection={<IconHistory size={16} aria-hidden />}
                      onClick={() => setSheet(true)}
                    >
                      What would change?
                    </Button>
                  }
                />
              )}
            </form>
            {admin && !narrow && (
              <aside className="panel waside" aria-label="Rehearsal">
                <RehearsalHead />
                <RehearsalRun draft={rehearsed} />
              </aside>
            )}
            {admin && narrow && (
              <BottomSheet label="What would change?" open={sheet} close={() => setSheet(false)}>
                <RehearsalHead />
                <RehearsalRun draft={rehearsed} />
              </BottomSheet>
            )}
          </div>
        </RemarksProvider>
      </ReadOnlyProvider>
    </ChoicesProvider>
  );
}

const RehearsalHead = () => (
  <div className="ph" style={{ flex: "none", minHeight: 42 }}>
    <h2 className="wphead">What would change?</h2>
    <span className="dim" style={{ fontWeight: 450, fontSize: 12.5 }}>
      Sends nothing
    </span>
  </div>
);

/** A rehearsal does not wait for a name. */
const named = (settings: WorkflowSettings): WorkflowSettings =>
  settings.name.trim() === "" ? { ...settings, name: "New workflow" } : settings;

function NameAndDescription({
  draft,
  faults,
  readOnly,
  fresh,
}: {
  draft: WorkflowDraft;
  faults: Readonly<Record<string, string>>;
  readOnly: boolean;
  fresh: boolean;
}) {
  const { values, set } = draft;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (fresh) field.current?.focus();
  }, [fresh]);
  return (
    <div className="wname">
      <TextInput
        label="Name"
        ref={field}
        value={values.name}
        error={faults["name"]}
        maxLength={100}
        disabled={readOnly}
        onChange={(event) => set("name", event.currentTarget.value)}
      />
      <Textarea
        label={
          <>
            Description
            <span className="dim" style={{ fontWeight: 400, marginLeft: 6 }}>
              optional
            </span>
          </>
        }
        aria-label="Description"
        autosize
        minRows={1}
        maxRows={5}
        value={values.description}
        error={faults["description"]}
        maxLength={2000}
        disabled={readOnly}
        onChange={(event) => set("description", event.currentTarget.value)}
      />
    </div>
  );
}
