import type { AccountId, AdaptorId, ConnectId } from "../contracts/ids.ts";
import { whyNotTo } from "../core/secret-origins.ts";
import type { StoredAdaptor } from "../core/stored-adaptor.ts";
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

/** An adaptor's secret static values that a delivery may send to `origin`: saving its connect has bound them to it. */
export function adaptorSecrets(
  secretBox: SecretBox,
  account: AccountId,
  adaptor: SealedAdaptorSecrets,
  origin: string,
): Secrets {
  const all = openAdaptor(secretBox, account, adaptor);
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => adaptor.secret_origins[name]?.origins.includes(origin) ?? false),
  );
}

/** The same for who tries settings out: also what they typed themselves. `withheld`: why not, of all others by name. */
export function secretsToTry(
  secretBox: SecretBox,
  account: AccountId,
  adaptor: SealedAdaptorSecrets & { readonly stored: Pick<StoredAdaptor, "name"> },
  origin: string,
  typist: string,
): { readonly secrets: Secrets; readonly withheld: Readonly<Record<string, string>> } {
  const secrets: Record<string, string> = {};
  const withheld: Record<string, string> = {};
  for (const [name, value] of Object.entries(openAdaptor(secretBox, account, adaptor))) {
    const why = whyNotTo(origin, adaptor.secret_origins[name], typist, { adaptor: adaptor.stored.name, name });
    if (why === null) secrets[name] = value;
    else withheld[name] = why;
  }
  return { secrets, withheld };
}

function openAdaptor(secretBox: SecretBox, account: AccountId, { id, secrets }: SealedAdaptorSecrets): Secrets {
  return secrets === null ? {} : secretBox.open(secrets, { table: "adaptors", account, id });
}
