import { parseArgs } from "node:util";
import type { Command } from "./command.ts";
import { withStore } from "./with-store.ts";

export const command: Command = {
  summary: "Bring the database's schema up to this version (start does so too)",
  usage: "migrate",
  run: async (args, io) => {
    parseArgs({ args: [...args], options: {} });
    // opening the store migrates
    const { migrated, place } = await withStore(io, async (store) => store);
    for (const name of migrated) io.out(`Applied ${name}`);
    io.out(`The database is up to date (${place}).`);
    return 0;
  },
};
