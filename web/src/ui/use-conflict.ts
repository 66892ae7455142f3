import { useState } from "react";
import type { SaveConflict } from "../../../src/contracts/problem.ts";
import { ApiProblem } from "../api.ts";

export type MetConflict<Thing> = { readonly saved: SaveConflict["saved"]; readonly theirs: Thing };

/** A save that was refused because somebody else saved first: what they made of it is read, for a person to choose. */
export function useConflict<Thing>(read: () => Promise<Thing>) {
  const [met, setMet] = useState<MetConflict<Thing> | null>(null);
  return {
    met,
    /** Whether it is a conflict; then `met` is theirs, unless it can't be read: `conflictWords` say to save again. */
    meet: async (refusal: unknown): Promise<boolean> => {
      if (!isConflict(refusal)) return false;
      const theirs = await read().catch(() => null);
      if (theirs !== null) setMet({ saved: refusal.problem?.conflict?.saved ?? [], theirs });
      return true;
    },
    leave: () => setMet(null),
  };
}

/** Said beside the button once the choice was put off. */
export const conflictWords =
  "Not saved: it was changed elsewhere while you typed. Save again to choose between the two";

/** Also what a name that is taken, or a thing in use, answers 409 with is none. */
export const isConflict = (error: unknown): error is ApiProblem =>
  error instanceof ApiProblem && error.code === "conflict" && error.problem?.conflict !== undefined;

/** The secrets that they replaced, by their settings. */
export const replacedBy = (saved: SaveConflict["saved"]): ReadonlySet<string> =>
  new Set(saved.flatMap(({ replaced_secrets }) => replaced_secrets));
