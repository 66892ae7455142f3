import { isDeepStrictEqual } from "node:util";
import type { ConnectSettings, HeldChoice } from "../contracts/connect.ts";
import { durationMs } from "../contracts/duration.ts";
import type { ConnectId } from "../contracts/ids.ts";
import { badInput, ProblemError } from "../core/problem-error.ts";
import { replacedSecrets } from "../core/replaced-secrets.ts";
import { sealConnect } from "../core/seal-connect.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { bindSecrets, lockAdaptor } from "../store/adaptors.ts";
import { resetBreaker } from "../store/breakers.ts";
import { insertConnect, lockConnect, updateConnect, type ConnectRow } from "../store/connects.ts";
import { notifyDue } from "../store/due.ts";
import { discardOwed, heldWork, holdWaiting, releaseHeld } from "../store/held.ts";
import { listLeadFields } from "../store/lead-fields.ts";
import type { SecretBox } from "../store/secret-box.ts";
import { bindAdaptorSecrets } from "./bind-adaptor-secrets.ts";
import { recordSave, refuseTaken, withChanges, type Change, type Changes } from "./change.ts";
import { refuseStale } from "./refuse-stale.ts";

type Options = {
  /** The revision that the change was made on; unset: whichever there is. */
  readonly revision?: number | undefined;
  /** What becomes of the deliveries held, when this switches the connect on. */
  readonly held?: HeldChoice | undefined;
  /** The connect whose stored secrets a new one takes over where their mask stands. */
  readonly copyOf?: ConnectRow;
};

const taken = { connects_name: "name: Another connect has this name" };

/**
 * Adds a connect (`id` null) or changes one; what `values` doesn't name stays, and so do secrets whose mask came back.
 * Switching off holds what waits, switching on asks what becomes of it, and any save lets go on what waited for better
 * credentials, whether it was held or its connect had paused itself.
 */
export async function saveConnect(
  change: Change,
  id: ConnectId | null,
  values: Changes<ConnectSettings>,
  options: Options = {},
): Promise<ConnectRow> {
  const { scope } = change;
  const old = id === null ? null : await lockExisting(change, id);
  if (old !== null) await refuseStale(scope, "connect", old.id, options.revision, old.revision);
  const wanted = withChanges<ConnectSettings>(old?.settings ?? null, values);
  const source = old ?? options.copyOf ?? null;
  const oldSecrets = source === null ? {} : openConnectSecrets(scope, change.secretBox, source);
  const previous = source === null ? null : { secrets: oldSecrets, origin: source.origin };
  const sealed = sealConnect(wanted, previous, await listLeadFields(scope));
  if (!sealed.ok) throw new ProblemError("bad_input", { errors: sealed.problems });
  await useAdaptor(change, wanted, sealed.origin);

  const unchanged =
    old !== null && isDeepStrictEqual(old.settings, sealed.shown) && isDeepStrictEqual(oldSecrets, sealed.secrets);
  const row = { settings: sealed.shown, texts: sealed.texts, origin: sealed.origin, warnings: sealed.warnings };
  const saved = unchanged
    ? old
    : await refuseTaken(taken, async () => {
        const savedId = old === null ? await insertConnect(scope, row) : old.id;
        return updateConnect(scope, savedId, row, sealSecrets(scope, change.secretBox, savedId, sealed.secrets));
      });
  if (old !== null) await settleHolds(change, old, saved, options.held);
  if (unchanged) return saved;
  await recordSave(change, {
    kind: "connect",
    id: saved.id,
    name: saved.name,
    action: actionOf(old, saved),
    before: old?.settings ?? null,
    after: saved.settings,
    data: { settings: saved.settings, texts: saved.texts, origin: saved.origin },
    secrets: saved.secrets,
    warnings: sealed.warnings,
    replaced: replacedSecrets(old === null ? {} : oldSecrets, sealed.secrets),
  });
  return saved;
}

/** Its secrets by the names of their places. */
export function openConnectSecrets(
  scope: AccountScope,
  secretBox: SecretBox,
  { id, secrets }: Pick<ConnectRow, "id" | "secrets">,
): Record<string, string> {
  return secrets === null ? {} : secretBox.open(secrets, { table: "connects", account: scope.accountId, id });
}

function sealSecrets(
  scope: AccountScope,
  secretBox: SecretBox,
  id: ConnectId,
  secrets: Readonly<Record<string, string>>,
): Uint8Array | null {
  if (Object.keys(secrets).length === 0) return null;
  return secretBox.seal(secrets, { table: "connects", account: scope.accountId, id });
}

async function lockExisting(change: Change, id: ConnectId): Promise<ConnectRow> {
  const row = await lockConnect(change.scope, id);
  if (row === null) throw new ProblemError("not_found", { detail: `There is no connect ${id}.` });
  return row;
}

/** The adaptor must be there and on, and its secret values must be meant for this connect's address. */
async function useAdaptor(change: Change, { adaptor_id }: ConnectSettings, origin: string): Promise<void> {
  if (adaptor_id === null) return;
  const adaptor = await lockAdaptor(change.scope, adaptor_id);
  if (adaptor === null) throw badInput("adaptor_id", `There is no adaptor ${adaptor_id}`);
  if (!adaptor.active) throw badInput("adaptor_id", `${adaptor.name} is off. Switch it on, or choose another adaptor`);
  const binding = bindAdaptorSecrets(adaptor, origin, change.actor);
  if (!binding.ok) throw new ProblemError("bad_input", { errors: binding.problems });
  if (binding.origins !== null) await bindSecrets(change.scope, adaptor.id, binding.origins);
}

async function settleHolds(
  change: Change,
  old: ConnectRow,
  saved: ConnectRow,
  choice: HeldChoice | undefined,
): Promise<void> {
  const { scope } = change;
  const { id, active } = saved;
  let released = 0;
  if (old.active && !active) await holdWaiting(scope, id);
  if (!old.active && active) released += await switchOn(change, saved, choice);
  released += await releaseHeld(scope, id, "credentials", active);
  const unpaused = await resetBreaker(scope, id);
  if ((released > 0 || unpaused) && active) await notifyDue(change.tx);
}

async function switchOn({ scope }: Change, { id }: ConnectRow, choice: HeldChoice | undefined): Promise<number> {
  const held = await heldWork(scope, id, "connect_off");
  if (held.count === 0) return 0;
  if (choice === undefined)
    throw new ProblemError("held_work", {
      detail: `${held.count.toLocaleString("en")} ${held.count === 1 ? "delivery is" : "deliveries are"} held. Say what becomes of them: send all, only newer ones, or discard.`,
      held,
    });
  if (choice === "discard") await discardOwed(scope, id, "connect_off", null);
  else if (choice !== "send_all")
    await discardOwed(scope, id, "connect_off", new Date(Date.now() - durationMs(choice.newer_than)));
  return releaseHeld(scope, id, "connect_off", true);
}

function actionOf(old: ConnectRow | null, saved: ConnectRow): string {
  if (old === null) return "create";
  const switched = isDeepStrictEqual({ ...old.settings, active: saved.active }, saved.settings);
  if (!switched || old.active === saved.active) return "update";
  return saved.active ? "switch on" : "switch off";
}
