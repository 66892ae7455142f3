import { ProblemError } from "../core/problem-error.ts";
import { listAccounts, type AccountRow } from "../store/accounts.ts";
import type { Actor } from "../store/audit.ts";
import type { Store } from "../store/open-store.ts";
import { StartRefused } from "../store/start-refused.ts";
import type { CommandIo } from "./command.ts";
import { withStore } from "./with-store.ts";

/** Who changed it, when a command on the server did. */
export const byCommand: Actor = { kind: "command", id: null, name: "patchbay command" };

/** Runs a command's work on one account: the one of this name, or the only one there is. */
export async function withAccount<T>(
  io: CommandIo,
  name: string | undefined,
  work: (store: Store, account: AccountRow) => Promise<T>,
): Promise<T> {
  return withStore(io, (store) =>
    inWords(async () => work(store, chooseAccount(await listAccounts(store.database), name))),
  );
}

/** Turns a refusal of a setting into what a person at the terminal reads. */
export async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const places = error.errors.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
    throw new StartRefused(places.length === 0 ? error.message : places.join("\n"), { cause: error });
  }
}

function chooseAccount(accounts: readonly AccountRow[], name: string | undefined): AccountRow {
  const [first] = accounts;
  if (first === undefined)
    throw new StartRefused("There is no account yet. Make one with patchbay account create, or open the page.");
  const names = accounts.map((account) => `  ${account.name}`).join("\n");
  if (name === undefined) {
    if (accounts.length === 1) return first;
    throw new StartRefused(`There are several accounts. Say which with --account NAME:\n${names}`);
  }
  const found = accounts.find((account) => account.name === name);
  if (found === undefined) throw new StartRefused(`There is no account named ${name}. There are:\n${names}`);
  return found;
}
