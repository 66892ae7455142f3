import { authenticationOfLines, questionAuthentication } from "../../../src/contracts/question-authentication.ts";
import { headersOfLines, questionHeaders, splitAtPipes } from "../../../src/contracts/question-headers.ts";
import type { Questioned } from "../../../src/contracts/question-value.ts";
import { secretMask } from "../../../src/contracts/connect.ts";
import type { PastedLines } from "./secret-input.tsx";
import { settingNames } from "./setting-names.ts";

/** The settings of a connect that hold nothing but credentials. */
export const secretSettings = ["api_authentication", "authorization_header"] as const;
export type SecretSetting = (typeof secretSettings)[number];

export const pastedLines: Record<SecretSetting, PastedLines> = {
  api_authentication: { join: authenticationOfLines, by: "&" },
  authorization_header: { join: headersOfLines, by: "|" },
};

/** What is asked about credentials before they are saved. `saved`: what they are to replace. */
export function questionCredentials(setting: SecretSetting, typed: string, saved: string): Questioned {
  if (typed.trim() === "" && saved.includes(secretMask))
    return {
      questions: [`${settingNames[setting]} is empty: what is stored is removed, and nothing is sent in its place`],
      tidy: saved,
    };
  return setting === "api_authentication" ? questionAuthentication(typed) : questionHeaders(typed);
}

/** Headers that were stored and are in the new text no more: pasting a new token easily drops `Content-type`. */
export function droppedHeaders(typed: string, saved: string): string[] {
  if (typed.trim() === "" || !saved.includes(secretMask)) return [];
  const names = new Set(splitAtPipes(typed).map(nameOf));
  return splitAtPipes(saved).filter((header) => !names.has(nameOf(header)));
}

const nameOf = (header: string): string => header.split(":", 1)[0]!.trim().toLowerCase();
