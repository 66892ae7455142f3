import { createHmac } from "node:crypto";
import { APIError, createAuthMiddleware, getIP, getSessionFromCtx, isAPIError } from "better-auth/api";
import { symmetricDecrypt } from "better-auth/crypto";
import type { Database } from "../store/database.ts";
import {
  countTry,
  deleteSession,
  endSignIns,
  findFactor,
  findSigningIn,
  forgetTries,
  isSignedInFrom,
  takeSteps,
  triesMinutes,
  type SigningIn,
} from "../store/sign-ins.ts";
import { mayOpenSession } from "../store/users.ts";

type Handler = Parameters<typeof createAuthMiddleware>[0];
type Context = Parameters<Handler>[0];

/** Who a request is about: somebody who signs in, or somebody who has (`session`). */
type Asking = SigningIn & { readonly session: boolean };

/** Wrong passwords of one person, from all network addresses together; the library's own limiter counts by address. */
const triesMax = 30;

/**
 * What the sign-in library leaves open: a code of the authenticator app works once; another password or second factor
 * ends the other sessions and the sign-ins under way; guesses at one person's password are counted over all machines.
 */
export function createSignInHooks(database: Database) {
  /** By the library's own object for one request. */
  const asking = new WeakMap<object, Asking>();

  const before = createAuthMiddleware(async (ctx) => {
    const { path } = ctx;
    const body = (ctx.body ?? {}) as Readonly<Record<string, unknown>>;
    if (path === "/sign-in/email" && typeof body["email"] === "string") {
      const who = await findSigningIn(database, { email: body["email"] });
      await refuseGuesses(database, ctx, body["email"], who);
      if (who !== null) asking.set(ctx.context, { ...who, session: false });
    }
    if (asksPassword.has(path) || finishesSignIn(path)) {
      const who = await whoAsks(database, ctx);
      if (who !== null) asking.set(ctx.context, who);
      if (who !== null && asksPassword.has(path)) await refuseGuesses(database, ctx, who.userId, null);
      if (who !== null && path === "/two-factor/verify-totp")
        await useCodeOnce(database, ctx, who.userId, body["code"]);
    }
    if (path === "/change-password") return { context: { body: { ...body, revokeOtherSessions: true } } };
    // a second factor is asked for at each sign-in
    if (finishesSignIn(path)) return { context: { body: { ...body, trustDevice: false } } };
    return undefined;
  });

  const after = createAuthMiddleware(async (ctx) => {
    if (isAPIError(ctx.context.returned)) return;
    const { newSession } = ctx.context;
    const who = asking.get(ctx.context);
    const body = (ctx.body ?? {}) as Readonly<Record<string, unknown>>;
    if (ctx.path === "/sign-in/email" && typeof body["email"] === "string") await forgetTries(database, body["email"]);
    if (who !== undefined && asksPassword.has(ctx.path)) await forgetTries(database, who.userId);
    // a new session for who had one: the second factor was switched on or off, or the password changed
    if (newSession !== null && who?.session === true)
      await database.transaction((tx) => endSignIns(tx, newSession.user.id, newSession.session.id));
  });

  const session = {
    create: {
      before: async ({ userId }: { readonly userId: string }) => mayOpenSession(database, userId),
      after: async ({ id, userId }: { readonly id: string; readonly userId: string }, ctx: Context | null) => {
        const began = ctx === null ? undefined : asking.get(ctx.context);
        const now = await findSigningIn(database, { userId });
        if (began !== undefined && now?.proofs === began.proofs) return;
        await deleteSession(database, id);
        throw new APIError("UNAUTHORIZED", {
          message: "The password or the second factor has changed. Sign in again.",
        });
      },
    },
  };
  return { hooks: { before, after }, session };
}

/** Of who is signed in already: a session that was stolen must not find the password out. */
const asksPassword = new Set([
  "/change-password",
  "/two-factor/enable",
  "/two-factor/disable",
  "/two-factor/generate-backup-codes",
]);
const finishesSignIn = (path: string): boolean =>
  path === "/two-factor/verify-totp" || path === "/two-factor/verify-backup-code";

/** By session, as the library looks for it, else by the cookie of a sign-in that waits for the second factor. */
async function whoAsks(database: Database, ctx: Context): Promise<Asking | null> {
  const session = await getSessionFromCtx(ctx);
  if (session !== null) {
    const who = await findSigningIn(database, { userId: session.user.id });
    return who && { ...who, session: true };
  }
  const cookie = ctx.context.createAuthCookie("two_factor");
  const waiting = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
  const challenge = waiting ? await ctx.context.internalAdapter.findVerificationValue(waiting) : null;
  const who = challenge && (await findSigningIn(database, { userId: challenge.value }));
  return who && { ...who, session: false };
}

/** `whose`: the address that was typed, or the id of who is signed in. */
async function refuseGuesses(database: Database, ctx: Context, whose: string, who: SigningIn | null): Promise<void> {
  if ((await countTry(database, whose)) <= triesMax) return;
  // whoever guesses must not keep the person out who sits where they always sign in
  const address = ctx.headers === undefined ? null : getIP(ctx.headers, ctx.context.options);
  if (who !== null && address !== null && (await isSignedInFrom(database, who.userId, address))) return;
  const message = `Too many wrong passwords. Try again in ${triesMinutes} minutes.`;
  throw new APIError("TOO_MANY_REQUESTS", { message }, { "retry-after": String(triesMinutes * 60) });
}

/** RFC 6238, 5.2: a code is taken once. What is no code of now is left to the library to refuse. */
async function useCodeOnce(database: Database, ctx: Context, userId: string, code: unknown): Promise<void> {
  const factor = await findFactor(database, userId);
  if (factor === null || typeof code !== "string") return;
  const key = await symmetricDecrypt({ key: ctx.context.secretConfig, data: factor.secret });
  const now = Math.floor(Date.now() / stepMs);
  // one more on either side than the library takes, as its clock is read a little later
  const steps = [-2, -1, 0, 1, 2].map((away) => now + away).filter((step) => codeOf(key, step) === code);
  if (steps.length === 0 || (await takeSteps(database, factor.id, steps))) return;
  throw new APIError("UNAUTHORIZED", { message: "This code was used already. Wait for the next one." });
}

const stepMs = 30_000;

/** RFC 4226, 5.3: six digits of an HMAC. */
function codeOf(key: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", key).update(counter).digest();
  const number = hash.readUInt32BE(hash.at(-1)! & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}
