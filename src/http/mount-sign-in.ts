import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ProblemError } from "../core/problem-error.ts";
import { tellingOutages } from "./sign-in-outages.ts";
import { addressHeader, type SignIn } from "./sign-in.ts";

/** What of the sign-in library the page uses. All else it could do (sign up, change the address …) stays closed. */
const open: readonly (readonly [method: "GET" | "POST", path: string])[] = [
  ["POST", "/sign-in/email"],
  ["POST", "/sign-out"],
  ["GET", "/get-session"],
  ["POST", "/change-password"],
  ["POST", "/two-factor/enable"],
  ["POST", "/two-factor/disable"],
  ["POST", "/two-factor/verify-totp"],
  ["POST", "/two-factor/verify-backup-code"],
  ["POST", "/two-factor/generate-backup-codes"],
];

/** Sign-in under /api/auth, answered by the library as it is used to. `onAccessChange`: sessions may have ended. */
export function mountSignIn(
  app: FastifyInstance,
  signIn: SignIn,
  refuseOtherSites: SiteCheck,
  onAccessChange: () => Promise<void>,
): void {
  for (const [method, path] of open) {
    app.route({
      method,
      url: `/api/auth${path}`,
      schema: { hide: true },
      exposeHeadRoute: false,
      onRequest: async (request) => refuseOtherSites(request),
      handler: async (request, reply) => {
        const url = new URL(request.url, `${request.protocol}://${request.host}`);
        const body = method === "POST" ? JSON.stringify(request.body ?? {}) : null;
        const asked = new Request(url, { method, headers: headersOf(request), body });
        const answer = await tellingOutages(() => signIn.handler(asked));
        if (method === "POST" && answer.ok) await onAccessChange();
        return passOn(answer, reply);
      },
    });
  }
}

/**
 * A write by cookie comes from this page or from no page at all: browsers send Origin with every write, and any but our
 * own scheme, host and port is refused. (SameSite keeps the cookie at home besides.)
 */
export function createSiteCheck(publicUrl: string | null): SiteCheck {
  const known = publicUrl === null ? null : new URL(publicUrl);
  return (request) => {
    if (request.method === "GET" || request.method === "HEAD") return;
    const { origin, "sec-fetch-site": site = "none" } = request.headers;
    const isOwn = origin === undefined || ownOrigins(request, known).includes(origin.toLowerCase());
    if (isOwn && (site === "none" || site === "same-origin")) return;
    throw new ProblemError("forbidden", { detail: "This request came from another web site." });
  };
}

export type SiteCheck = (request: FastifyRequest) => void;

/**
 * Of the page that a request may come from: the public one, as a proxy in front may have asked us under another name, and
 * the one that was asked for. Under the name that people know by https alone there is no page by http.
 */
function ownOrigins(request: FastifyRequest, known: URL | null): string[] {
  const asked = URL.parse(`${request.protocol === "https" ? "https" : "http"}://${request.host}`);
  const byHttpsAlone = known?.protocol === "https:" && known.hostname === asked?.hostname;
  return [...(known === null ? [] : [known.origin]), ...(asked === null || byHttpsAlone ? [] : [asked.origin])];
}

/** The request's headers as the library reads them, with the caller's address as we know it, whatever the caller says. */
export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (name === "content-length" || name === "transfer-encoding") continue;
    if (typeof value === "string") headers.set(name, value);
  }
  headers.set(addressHeader, request.ip);
  return headers;
}

async function passOn(answer: Response, reply: FastifyReply): Promise<FastifyReply> {
  reply.code(answer.status);
  for (const [name, value] of answer.headers) if (name !== "set-cookie") reply.header(name, value);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) reply.header("set-cookie", cookies);
  return reply.send(await answer.text());
}
