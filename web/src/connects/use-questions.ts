import { useState } from "react";
import type { ConnectSettings } from "../../../src/contracts/connect.ts";
import { nothingOdd, type Questioned } from "../../../src/contracts/question-value.ts";
import { questionCredentials, secretSettings, type SecretSetting } from "../ui/credential-questions.ts";
import type { Draft } from "./draft.ts";

/** What is asked about the credentials before they are saved; asked once, until they are typed anew. */
export type Questions = {
  readonly of: (setting: SecretSetting) => Questioned;
  /** The setting is meant as it is typed. */
  readonly keep: (setting: SecretSetting) => void;
  /** Not answered yet. */
  readonly open: readonly SecretSetting[];
};

export function useQuestions({ values, changed }: Draft, saved: ConnectSettings): Questions {
  const [kept, setKept] = useState<Partial<Record<SecretSetting, string>>>({});
  const of = (setting: SecretSetting): Questioned =>
    !changed(setting) || kept[setting] === values[setting]
      ? nothingOdd
      : questionCredentials(setting, values[setting], saved[setting]);
  return {
    of,
    keep: (setting) => setKept((old) => ({ ...old, [setting]: values[setting] })),
    open: secretSettings.filter((setting) => of(setting).questions.length > 0),
  };
}
