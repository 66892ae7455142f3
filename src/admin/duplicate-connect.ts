import type { ConnectId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import { listConnects, lockConnect, type ConnectRow } from "../store/connects.ts";
import type { Change } from "./change.ts";
import { saveConnect } from "./save-connect.ts";

/** Copies a connect with its secrets, which stay meant for the same address. The copy is off. */
export async function duplicateConnect(change: Change, id: ConnectId): Promise<ConnectRow> {
  const source = await lockConnect(change.scope, id);
  if (source === null) throw new ProblemError("not_found", { detail: `There is no connect ${id}.` });
  const names = new Set((await listConnects(change.scope, 0, 100_000)).map(({ name }) => name));
  const base = `${source.name.slice(0, 85)} copy`;
  let name = base;
  for (let n = 2; names.has(name); n++) name = `${base} ${n}`;
  return saveConnect(change, null, { ...source.settings, name, active: false }, { copyOf: source });
}
