import { betterAuth } from "better-auth";
import { twoFactor } from "better-auth/plugins/two-factor";
import type { Database } from "../store/database.ts";
import { createSignInHooks } from "./sign-in-hooks.ts";
import { notingOutages } from "./sign-in-outages.ts";

export type SignInSettings = {
  /** Signs cookies and seals second factors; the same in every process. */
  readonly secret: string;
  /** As browsers see it: cookies are for https alone when it is https. */
  readonly baseUrl: string;
};

/** Where Fastify's idea of the caller's address goes on to the limiter. */
export const addressHeader = "x-patchbay-address";

const times = { createdAt: "created_at", updatedAt: "updated_at" };

/**
 * Sessions, password hashing and the second factor, on our own pool, in tables named `sign_in_*` that our migrations
 * make. Nobody signs up: accounts are made by setup, invitation or command.
 */
export function createSignIn(database: Database, settings: SignInSettings) {
  const noting = notingOutages(database);
  const { hooks, session } = createSignInHooks(noting);
  return betterAuth({
    appName: "Patchbay",
    database: noting.pool,
    secret: settings.secret,
    baseURL: settings.baseUrl,
    basePath: "/api/auth",
    // the server has checked Host and Origin against each other before a request comes here
    trustedOrigins: (request) => [request?.headers.get("origin") ?? settings.baseUrl],
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    user: { modelName: "sign_in_user", fields: { emailVerified: "email_verified", ...times } },
    account: {
      modelName: "sign_in_credential",
      fields: {
        accountId: "account_id",
        providerId: "provider_id",
        userId: "user_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        ...times,
      },
    },
    session: {
      modelName: "sign_in_session",
      fields: {
        userId: "user_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
        ...times,
      },
      // changing the password or the second factor asks for a sign-in of the last hour
      freshAge: 3600,
    },
    verification: { modelName: "sign_in_verification", fields: { expiresAt: "expires_at", ...times } },
    rateLimit: {
      enabled: true,
      storage: "database",
      modelName: "sign_in_limit",
      fields: { lastRequest: "last_request" },
      window: 60,
      max: 300,
      customRules: { "/sign-in/*": { window: 60, max: 10 }, "/two-factor/*": { window: 60, max: 10 } },
    },
    plugins: [
      twoFactor({
        issuer: "Patchbay",
        schema: {
          user: { fields: { twoFactorEnabled: "two_factor_enabled" } },
          twoFactor: {
            modelName: "sign_in_second_factor",
            fields: {
              backupCodes: "backup_codes",
              userId: "user_id",
              failedVerificationCount: "failed_verification_count",
              lockedUntil: "locked_until",
            },
          },
        },
      }),
    ],
    hooks,
    databaseHooks: { session },
    advanced: {
      database: { generateId: "uuid" },
      cookiePrefix: "patchbay",
      ipAddress: { ipAddressHeaders: [addressHeader] },
      useSecureCookies: settings.baseUrl.startsWith("https:"),
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true },
    },
  });
}

export type SignIn = ReturnType<typeof createSignIn>;
