import type { ProblemPlace } from "../contracts/problem.ts";
import { typistOf, whyNotTo, type SecretOrigin } from "../core/secret-origins.ts";
import type { AdaptorRow, SecretOrigins } from "../store/adaptors.ts";
import type { Actor } from "../store/audit.ts";

export type Binding =
  | { readonly ok: true; /** null: as before. */ readonly origins: SecretOrigins | null }
  | { readonly ok: false; readonly problems: readonly ProblemPlace[] };

/**
 * A secret static value goes only where it was typed for: to the origins of the connects that used its adaptor then, and
 * further by the hand of the person who typed it. Whoever saves a connect that would send it elsewhere types it again.
 */
export function bindAdaptorSecrets(
  adaptor: Pick<AdaptorRow, "name" | "secret_origins">,
  origin: string,
  actor: Actor,
): Binding {
  const problems: ProblemPlace[] = [];
  let changed = false;
  const bound = Object.entries(adaptor.secret_origins).map(([name, secret]): [string, SecretOrigin] => {
    if (secret.origins.includes(origin)) return [name, secret];
    const message = whyNotTo(origin, secret, typistOf(actor), { adaptor: adaptor.name, name });
    if (message !== null) problems.push({ path: "adaptor_id", message });
    changed = true;
    return [name, { ...secret, origins: [...secret.origins, origin] }];
  });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, origins: changed ? Object.fromEntries(bound) : null };
}
