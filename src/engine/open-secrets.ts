import type { AccountId, AdaptorId, ConnectId } from "../contracts/ids.ts";
import type { SecretBox } from "../store/secret-box.ts";

/**
 * The secrets an attempt may fill in: the connect's own, and its payload's adaptor's. Opened here, used by `outbound`,
 * held nowhere else.
 */
export function openSecrets(
  secretBox: SecretBox,
  accountId: AccountId,
  connect: { readonly id: ConnectId; readonly secrets: Uint8Array | null; readonly origin: string },
  adaptor: { readonly id: AdaptorId | null; readonly secrets: Uint8Array | null },
): Readonly<Record<string, string>> {
  const own =
    connect.secrets === null
      ? {}
      : secretBox.open(connect.secrets, { table: "connects", account: accountId, id: connect.id });
  const ofAdaptor =
    adaptor.secrets === null || adaptor.id === null
      ? {}
      : secretBox.open(adaptor.secrets, { table: "adaptors", account: accountId, id: adaptor.id });
  return { ...ofAdaptor, ...own };
}
