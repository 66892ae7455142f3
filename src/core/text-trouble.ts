/** Where and why a text can't be read as what it should be. */
export type TextTrouble = {
  /** From 1; columns count UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** In words, to stand after "line 3, column 14: ". May quote the text. */
  readonly problem: string;
  /** The text ended before it was whole. */
  readonly ended: boolean;
};

/** The trouble at a position (UTF-16 units from 0). */
export function textTrouble(text: string, position: number, problem: string, ended = false): TextTrouble {
  let line = 1;
  let begins = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < position; at = text.indexOf("\n", begins)) {
    line++;
    begins = at + 1;
  }
  return { line, column: position - begins + 1, problem, ended };
}
