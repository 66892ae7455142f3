import type { Command } from "./command.ts";
import { command as migrate } from "./migrate.ts";

/** The verbs of the patchbay command besides `start`, in the order of the help. A verb may have two words. */
export const commands: Readonly<Record<string, Command>> = {
  migrate,
};
