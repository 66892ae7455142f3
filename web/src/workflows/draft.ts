import { useState } from "react";
import { WorkflowSettings } from "../../../src/contracts/workflow.ts";
import type { Workflow } from "../../../src/contracts/endpoints/workflows.ts";

type SettingName = keyof WorkflowSettings;
export const settingNames: Record<SettingName, string> = {
  name: "Name",
  description: "Description",
  active: "Active",
  relation: "Relation",
  stop_if: "Stop workflow if",
  loop_protection: "Loop protection",
  skip_if_pending: "Skip if pending",
  schedule: "Schedule",
  percentage: "Perform action on",
  events: "Events",
  action_sets: "Action sets",
};

export type WorkflowDraft = {
  readonly values: WorkflowSettings;
  /** What differs from what is saved. */
  readonly changes: Partial<WorkflowSettings>;
  readonly unsaved: readonly string[];
  readonly set: <K extends SettingName>(setting: K, value: WorkflowSettings[K]) => void;
  readonly discard: () => void;
  /** These are the edits from here on; what is as it is saved is none. */
  readonly put: (values: Partial<WorkflowSettings>) => void;
};

/** What a workflow's page edits: the saved settings and what was changed in them, setting by setting. */
export function useWorkflowDraft(saved: WorkflowSettings): WorkflowDraft {
  const [edits, setEdits] = useState<Partial<WorkflowSettings>>({});
  const changes = changesIn(edits, saved);
  return {
    values: { ...saved, ...changes },
    changes,
    unsaved: (Object.keys(changes) as SettingName[]).map((name) => settingNames[name]),
    set: (setting, value) => setEdits((old) => ({ ...old, [setting]: value })),
    discard: () => setEdits({}),
    put: (now) => setEdits(now),
  };
}

/** Which of these settings are not as they are saved. */
export const changesIn = (values: Partial<WorkflowSettings>, saved: WorkflowSettings): Partial<WorkflowSettings> =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(saved[name as SettingName]),
    ),
  );

/** The settings alone, as they are sent back. */
export function settingsOf(workflow: Workflow): WorkflowSettings {
  const { id: _i, revision: _r, saved_at: _s, sentence: _e, warnings: _w, notice: _n, ...settings } = workflow;
  return settings;
}

/** A new workflow: active, for all campaigns, without events and with one empty action set. */
export const blankWorkflow: WorkflowSettings = {
  ...WorkflowSettings.omit({ events: true, action_sets: true }).parse({ name: "?" }),
  name: "",
  events: [],
  action_sets: [{ delay: "none", window: "24hr", actions: [] }],
};
