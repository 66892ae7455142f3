import type { ReactNode } from "react";
import { Letter } from "../ui/atoms.tsx";
import { settingLetters, settingNames, type SettingName } from "../ui/setting-names.ts";

/** A setting's letter badge and name; "optional" where it may stay empty. */
export function SettingLabel({ of, optional }: { of: SettingName; optional?: boolean }) {
  const letter = settingLetters[of];
  return (
    <span className="setlabel">
      {letter && <Letter>{letter}</Letter>}
      {settingNames[of]}
      {optional && <span className="dim">optional</span>}
    </span>
  );
}

/** Settings that belong together; its name is for screen readers, a line for the eye. */
export function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="group">
      <legend className="sr">{title}</legend>
      {children}
    </fieldset>
  );
}
