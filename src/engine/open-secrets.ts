import type { AccountId, AdaptorId, ConnectId } from "../contracts/ids.ts";
import type { SecretOrigins } from "../store/adaptors.ts";
import type { SecretBox } from "../store/secret-box.ts";

type Secrets = Readonly<Record<string, string>>;

/** A connect's own secrets. Opened here, used by `outbound`, held nowhere else. */
export function connectSecrets(
  secretBox: SecretBox,
  account: AccountId,
  connect: { readonly id: ConnectId; readonly secrets: Uint8Array | null },
): Secrets {
  if (connect.secrets === null) return {};
  return secretBox.open(connect.secrets, { table: "connects", account, id: connect.id });
}

export type SealedAdaptorSecrets = {
  readonly id: AdaptorId;
  readonly secrets: Uint8Array | null;
  readonly secret_origins: SecretOrigins;
};

/**
 * An adaptor's secret static values, those that may be sent to `origin`.
 * @param typist who tries settings out (`user 12`): what they typed themselves they may send anywhere, and so may
 *   everybody what has no place to go yet. null: a live delivery, for which saving has bound every secret.
 */
export function adaptorSecrets(
  secretBox: SecretBox,
  account: AccountId,
  adaptor: SealedAdaptorSecrets,
  origin: string,
  typist: string | null = null,
): Secrets {
  if (adaptor.secrets === null) return {};
  const secrets = secretBox.open(adaptor.secrets, { table: "adaptors", account, id: adaptor.id });
  const may = (name: string): boolean => {
    const bound = adaptor.secret_origins[name];
    if (bound === undefined) return false;
    return (
      bound.origins.includes(origin) || (typist !== null && (bound.origins.length === 0 || bound.typed_by === typist))
    );
  };
  return Object.fromEntries(Object.entries(secrets).filter(([name]) => may(name)));
}
