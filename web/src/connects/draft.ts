import { useState, type ReactNode } from "react";
import { ConnectSettings, type Connect } from "../../../src/contracts/connect.ts";
import { settingNames, type SettingName } from "../ui/setting-names.ts";

export type Draft = {
  readonly values: ConnectSettings;
  /** What differs from what is saved. */
  readonly changes: Partial<ConnectSettings>;
  readonly unsaved: readonly string[];
  readonly set: <K extends SettingName>(setting: K, value: ConnectSettings[K]) => void;
  readonly changed: (setting: SettingName) => boolean;
  readonly discard: () => void;
  /** These are the edits from here on; what is as it is saved is none. */
  readonly put: (values: Partial<ConnectSettings>) => void;
};

/** What the parts of the form share. */
export type FormProps = {
  draft: Draft;
  saved: ConnectSettings;
  /** What is wrong, by setting. */
  faults: Readonly<Record<string, string>>;
  /** What deserves a look, by setting: warnings, and what the vendor's last answer says about it. */
  remarks: Partial<Record<SettingName, ReactNode>>;
  readOnly: boolean;
};

/** What folded settings need of it: they hold no secrets. */
export type FoldedProps = Omit<FormProps, "saved">;

/** What a connect page edits: the saved settings and what was changed in them, setting by setting. */
export function useDraft(saved: ConnectSettings): Draft {
  const [edits, setEdits] = useState<Partial<ConnectSettings>>({});
  const changes = changesIn(edits, saved);
  return {
    values: { ...saved, ...changes },
    changes,
    unsaved: (Object.keys(changes) as SettingName[]).map((name) => settingNames[name]),
    set: (setting, value) => setEdits((old) => ({ ...old, [setting]: value })),
    changed: (setting) => setting in changes,
    discard: () => setEdits({}),
    put: (now) => setEdits(now),
  };
}

/** Which of these settings are not as they are saved. */
export const changesIn = (values: Partial<ConnectSettings>, saved: ConnectSettings): Partial<ConnectSettings> =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => !same(value, saved[name as SettingName])));

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** The settings alone, as they are sent back. */
export const settingsOf = (connect: Connect): ConnectSettings => {
  const {
    id: _id,
    revision: _revision,
    saved_at: _savedAt,
    standing: _standing,
    warnings: _warnings,
    ...settings
  } = connect;
  return settings;
};

/** A new connect: POST, JSON in and out, active; the rest empty or by default. */
export const blankSettings: ConnectSettings = {
  ...ConnectSettings.parse({ name: "?", api_url: "?", request_method: "POST" }),
  name: "",
  api_url: "",
};
