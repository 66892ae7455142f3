import type { CredentialsSent } from "./diagnose.ts";
import type { ConnectTexts } from "./request.ts";
import { hasSecrets } from "./text.ts";

/**
 * Which of the connect's credentials go with its requests: any Api Authentication, any header with a secret.
 * @param callsFrom the address vendors see, when it is known.
 */
export function credentialsSent(texts: ConnectTexts, callsFrom: string | null = null): CredentialsSent {
  return {
    authentication: texts.authentication.length > 0,
    authorization: texts.headers.some(({ value }) => hasSecrets(value)),
    callsFrom,
  };
}
