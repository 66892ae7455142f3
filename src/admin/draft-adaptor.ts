import type { AdaptorSettings } from "../contracts/adaptor.ts";
import type { Warning } from "../contracts/connect.ts";
import type { CustomField } from "../contracts/fields.ts";
import type { AdaptorId } from "../contracts/ids.ts";
import { badInput, ProblemError } from "../core/problem-error.ts";
import { sealAdaptor } from "../core/seal-adaptor.ts";
import type { StoredAdaptor } from "../core/stored-adaptor.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { findAdaptor, type SecretOrigins } from "../store/adaptors.ts";
import type { SecretBox } from "../store/secret-box.ts";
import { openAdaptorSecrets } from "./save-adaptor.ts";

/** Who shows something of an account; stored secrets are opened, masked and never shown. */
export type Reader = { readonly scope: AccountScope; readonly secretBox: SecretBox };

/** Who has something built that may take 50 ms: many at once take turns, so that nobody else waits for all of them. */
export type Previewer = Reader & { readonly takeTurn: () => Promise<void> };

export type ShownAdaptor = {
  readonly stored: StoredAdaptor;
  readonly warnings: readonly Warning[];
  /** Of the stored secrets that it would send. */
  readonly secretOrigins: SecretOrigins;
};

/**
 * An adaptor to show something with: as somebody has it on the screen (`draft`; a mask stands for what is stored under
 * `id`), else as it is saved. null: there is none to be used.
 */
export async function draftAdaptor(
  { scope, secretBox }: Reader,
  id: AdaptorId | null | undefined,
  draft: AdaptorSettings | undefined,
  customFields: readonly CustomField[],
): Promise<ShownAdaptor | null> {
  const saved = id == null ? null : await findAdaptor(scope, id);
  if (id != null && saved === null) throw badInput("adaptor_id", `There is no adaptor ${id}`);
  const all = saved?.secret_origins ?? {};
  if (draft === undefined) return saved === null ? null : { stored: saved.stored, warnings: [], secretOrigins: all };
  const secrets = saved === null ? {} : openAdaptorSecrets(scope, secretBox, saved);
  const kept = new Set<string>();
  const sealed = sealAdaptor(draft, { secrets, onKept: (name) => void kept.add(name) }, customFields);
  if (!sealed.ok) throw new ProblemError("bad_input", { errors: sealed.problems.map(within("adaptor")) });
  return {
    stored: sealed.stored,
    warnings: sealed.warnings.map(within("adaptor")),
    secretOrigins: Object.fromEntries(Object.entries(all).filter(([name]) => kept.has(name))),
  };
}

/** A place in a part of what was sent. */
export function within<Place extends { readonly path: string }>(part: string): (place: Place) => Place {
  return (place) => ({ ...place, path: `${part}.${place.path}` });
}
