import type { Config } from "../config.ts";

/** What a command may touch of the world. */
export type CommandIo = {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** One line on standard output: the result, and nothing else. */
  readonly out: (line: string) => void;
  /** One line on standard error: what a person may want to know besides. */
  readonly note: (line: string) => void;
  /** All of standard input as text. */
  readonly readInput: () => Promise<string>;
};

/** A verb of the patchbay command. */
export type Command = {
  /** One line for the list of commands, without a full stop. */
  readonly summary: string;
  /** What follows `patchbay`, such as `token create --name NAME`; further lines explain the options. */
  readonly usage: string;
  /**
   * `args`: what follows the verb, for parseArgs of node:util (whose errors are shown with the usage). Gives the exit
   * code. Throws UsageProblem, StartRefused, or a surprise.
   */
  readonly run: (args: readonly string[], io: CommandIo) => Promise<number>;
};

/** The command line can't be understood; the message says what is wrong with it. */
export class UsageProblem extends Error {
  override readonly name = "UsageProblem";
}
