import { parseArgs } from "node:util";
import { findDataFolder, openDataFolder } from "../store/data-folder.ts";
import { stopLeftPostgres } from "../store/embedded-postgres.ts";
import type { Command } from "./command.ts";

export const command: Command = {
  summary: "Stop the embedded database that a killed Patchbay left running",
  usage: `stop-database

Does nothing where none runs, where a Patchbay uses it, or where DATABASE_URL is set.`,
  run: async (args, { config }) => {
    parseArgs({ args: [...args], options: {} });
    const folder = config.databaseUrl === null ? findDataFolder(config.dataFolder) : null;
    if (folder !== null) await stopLeftPostgres(openDataFolder(folder, true));
    return 0;
  },
};
