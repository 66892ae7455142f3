import { useState } from "react";
import type { ConnectSettings } from "../../../src/contracts/connect.ts";
import { nothingOdd, type Questioned } from "../../../src/contracts/question-value.ts";
import { questionCredentials, secretSettings, type SecretSetting } from "../ui/credential-questions.ts";
import type { Draft } from "./draft.ts";

/** What is asked about the credentials before they are saved; asked once, until they are typed again. */
export type Questions = {
  readonly of: (setting: SecretSetting) => Questioned;
  /** The setting is meant as it is typed. */
  readonly keep: (setting: SecretSetting) => void;
  /** Not answered yet. */
  readonly open: readonly SecretSetting[];
  /** Whether saving has to wait for an answer; what is open is shown from here on, until it is typed again. */
  readonly ask: () => boolean;
  readonly asked: (setting: SecretSetting) => boolean;
};

export function useQuestions({ values, changed }: Draft, saved: ConnectSettings): Questions {
  const [kept, setKept] = useState<Partial<Record<SecretSetting, string>>>({});
  const [asked, setAsked] = useState<Partial<Record<SecretSetting, string>>>({});
  const of = (setting: SecretSetting): Questioned =>
    !changed(setting) || kept[setting] === values[setting]
      ? nothingOdd
      : questionCredentials(setting, values[setting], saved[setting]);
  const open = secretSettings.filter((setting) => of(setting).questions.length > 0);
  return {
    of,
    keep: (setting) => setKept((old) => ({ ...old, [setting]: values[setting] })),
    open,
    ask: () => {
      setAsked(Object.fromEntries(open.map((setting) => [setting, values[setting]])));
      return open.length > 0;
    },
    asked: (setting) => open.includes(setting) && asked[setting] === values[setting],
  };
}
