import type { AccountId, AdaptorId, ConnectId } from "../contracts/ids.ts";
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

/** An adaptor's secret static values, those that may be sent to `origin`. */
export function adaptorSecrets(
  secretBox: SecretBox,
  account: AccountId,
  adaptor: { readonly id: AdaptorId; readonly secrets: Uint8Array | null },
  origin: string,
): Secrets {
  if (adaptor.secrets === null) return {};
  void origin;
  return secretBox.open(adaptor.secrets, { table: "adaptors", account, id: adaptor.id });
}
