import type { FastifyReply, FastifyRequest } from "fastify";
import type { Database } from "../../store/database.ts";
import { gather } from "../../store/gather.ts";
import { findTokens, touchToken, type FoundToken } from "../../store/tokens.ts";
import { businessError, refuse, sendEnvelope } from "./envelope.ts";
import { createPace } from "./pace.ts";
import { createWrongTokens } from "./wrong-tokens.ts";

export type Admission =
  | { readonly kind: "admitted"; readonly token: FoundToken }
  /** There is no such token; the answer was held back a little if its address keeps trying. */
  | { readonly kind: "unknown" }
  | { readonly kind: "forbidden"; readonly token: FoundToken }
  | { readonly kind: "too_many"; readonly perSecond: number; readonly waitSeconds: number };

/** Whether whoever holds this secret may call this endpoint (`leads/insert`, or a whole section: `events`) now. */
export type Admit = (secret: string, address: string, endpoint: string) => Promise<Admission>;

export function createAdmit(db: Database): Admit {
  const pace = createPace();
  const wrongTokens = createWrongTokens();
  const noteUse = noteUses(db);
  // each time anew, so that revocation holds at once; those of the same moment in one query
  const tokenOf = gather(
    (secrets: readonly string[]) => findTokens(db, secrets),
    (secret) => secret,
  );
  return async (secret, address, endpoint) => {
    const token = secret === "" ? undefined : await tokenOf(secret);
    if (token === undefined) {
      await wrongTokens.slowDown(address);
      return { kind: "unknown" };
    }
    const section = endpoint.replace(/\/.*$/s, "");
    if (!token.access.includes(section) && !token.access.includes(endpoint)) return { kind: "forbidden", token };
    const perSecond = token.ratePerSecond;
    const waitSeconds = perSecond === null ? 0 : pace.wait(`${token.accountId}/${token.id}`, perSecond);
    if (perSecond !== null && waitSeconds > 0) return { kind: "too_many", perSecond, waitSeconds };
    noteUse(token);
    return { kind: "admitted", token };
  };
}

/** `auth_token` as a parameter, else `Authorization: Bearer`. */
export function secretOf(request: FastifyRequest, parameter: string | undefined): string {
  const given = (parameter ?? "").trim();
  if (given !== "") return given;
  return /^bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
}

/** The answer to whoever is not admitted, in the envelope of `/v1`. */
export function sendNotAdmitted(
  reply: FastifyReply,
  admission: Exclude<Admission, { kind: "admitted" }>,
): FastifyReply {
  if (admission.kind === "unknown") return sendEnvelope(reply, businessError(5001));
  if (admission.kind === "forbidden") return sendEnvelope(reply, businessError(403));
  return refuse(reply, 429, `This token may make ${admission.perSecond} requests a second`, {
    retryAfterSeconds: admission.waitSeconds,
  });
}

/** Keeps "last used" to the minute, without a query a request. */
function noteUses(db: Database): (token: FoundToken) => void {
  const noted = new Map<number, number>();
  return (token) => {
    if (Date.now() - (noted.get(token.id) ?? 0) < 60_000) return;
    if (noted.size > 10_000) noted.clear();
    noted.set(token.id, Date.now());
    void touchToken(db, token).catch(() => {});
  };
}
