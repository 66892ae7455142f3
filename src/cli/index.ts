import { command as accountCreate } from "./account-create.ts";
import type { Command } from "./command.ts";
import { command as exportConfig } from "./export.ts";
import { command as importConfig } from "./import.ts";
import { command as migrate } from "./migrate.ts";
import { command as replay } from "./replay.ts";
import { command as stopDatabase } from "./stop-database.ts";
import { command as tokenCreate } from "./token-create.ts";
import { command as userResetPassword } from "./user-reset-password.ts";

/** The verbs of the patchbay command besides `start`, in the order of the help. A verb may have two words. */
export const commands: Readonly<Record<string, Command>> = {
  migrate,
  "account create": accountCreate,
  "token create": tokenCreate,
  "user reset-password": userResetPassword,
  import: importConfig,
  export: exportConfig,
  replay,
  "stop-database": stopDatabase,
};
