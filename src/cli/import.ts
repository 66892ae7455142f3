import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { importConfig } from "../admin/import-config.ts";
import type { Saved } from "../admin/change.ts";
import { StartRefused } from "../store/start-refused.ts";
import { UsageProblem, type Command, type CommandIo } from "./command.ts";
import { byCommand, withAccount } from "./with-account.ts";

export const command: Command = {
  summary: "Bring an account to what a configuration file says",
  usage: `import FILE [--dry-run] [--account NAME]

  FILE              as patchbay export writes it; - reads standard input
  --dry-run         only tell what would change
  --account NAME    needed when there are several accounts

Things are matched by name; nothing is deleted, and nothing is written unless all of it can be.`,
  run: async (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { "dry-run": { type: "boolean" }, account: { type: "string" } },
    });
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) throw new UsageProblem("Name one file.");
    const text = await read(file, io);
    const dryRun = values["dry-run"] === true;
    const imported = await withAccount(io, values.account, (store, { id }) =>
      importConfig({ ...store, accountId: id, actor: byCommand }, text, { environment: io.environment, dryRun }),
    );
    if (!imported.ok) {
      for (const { line, message } of imported.problems) io.note(`${file}:${line}: ${message}`);
      const { length } = imported.problems;
      io.note(`Nothing was written: ${length} ${length === 1 ? "place" : "places"} can't be taken.`);
      return 1;
    }
    for (const saved of imported.changes) {
      io.out(`${dryRun ? "would " : ""}${describe(saved)}`);
      for (const { path, message } of saved.warnings ?? [])
        io.note(`worth a look: ${saved.kind} ${saved.name}: ${path}: ${message}`);
    }
    if (imported.changes.length === 0) io.out("Nothing to change.");
    return 0;
  },
};

async function read(file: string, io: CommandIo): Promise<string> {
  if (file === "-") return io.readInput();
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartRefused(
      code === "ENOENT" ? `There is no file ${file}.` : `${file} can't be read: ${(error as Error).message}.`,
    );
  }
}

/** `update connect Acme CRM: timeout_seconds, active`. */
function describe({ action, kind, name, before, after }: Saved): string {
  const head = `${action} ${kind} ${name}`;
  if (before === null || after === null) return head;
  const [old, now] = [before, after] as Record<string, unknown>[];
  const changed = Object.keys(now!).filter((key) => JSON.stringify(old![key]) !== JSON.stringify(now![key]));
  return changed.length === 0 ? `${head}: secrets` : `${head}: ${changed.join(", ")}`;
}
