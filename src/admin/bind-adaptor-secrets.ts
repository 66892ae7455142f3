import type { ProblemPlace } from "../contracts/problem.ts";
import type { AdaptorRow, SecretOrigins } from "../store/adaptors.ts";
import type { Actor } from "../store/audit.ts";
import { typist } from "./save-adaptor.ts";

export type Binding =
  | { readonly ok: true; /** null: as before. */ readonly origins: SecretOrigins | null }
  | { readonly ok: false; readonly problems: readonly ProblemPlace[] };

/**
 * A secret static value goes only where it was typed for: to the origins of the connects that used its adaptor then, to
 * the first one after, and further by the hand of the person who typed it, who knows it anyway (a command may do all).
 */
export function bindAdaptorSecrets(
  adaptor: Pick<AdaptorRow, "name" | "secret_origins">,
  origin: string,
  actor: Actor,
): Binding {
  const problems: ProblemPlace[] = [];
  let changed = false;
  const bound = Object.entries(adaptor.secret_origins).map(([name, secret]): [string, SecretOrigins[string]] => {
    if (secret.origins.includes(origin)) return [name, secret];
    const may = secret.origins.length === 0 || secret.typed_by === typist(actor) || actor.kind === "command";
    if (!may) {
      const row = name.replace(/^static\./, "");
      problems.push({
        path: "adaptor_id",
        message: `The secret value of ${row} in ${adaptor.name} was typed for ${secret.origins.join(", ")}. To send it to ${origin}, type it again in the adaptor`,
      });
    }
    changed = true;
    return [name, { ...secret, origins: [...secret.origins, origin] }];
  });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, origins: changed ? Object.fromEntries(bound) : null };
}
