import { createHash, randomBytes } from "node:crypto";
import type { AccountId, TokenId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";

export type FoundToken = {
  readonly accountId: AccountId;
  readonly id: TokenId;
  readonly name: string;
  /** Sections (`leads`) or single endpoints (`leads/insert`). */
  readonly access: readonly string[];
  readonly ratePerSecond: number | null;
};

/** The tokens that these secrets belong to, by the secret, unless they are revoked or have run out. */
export async function findTokens(db: Queryable, secrets: readonly string[]): Promise<ReadonlyMap<string, FoundToken>> {
  const byHash = new Map(secrets.map((secret) => [hashSecret(secret).toString("hex"), secret]));
  const { rows } = await db.query<FoundToken & { hash: string }>({
    name: "find-tokens",
    text: `select account_id as "accountId", id, name, access, rate_per_second as "ratePerSecond",
        encode(secret_hash, 'hex') as hash
      from api_tokens where secret_hash = any ($1::bytea[])
        and revoked_at is null and (expires_at is null or expires_at > now())`,
    values: [Array.from(byHash.keys(), (hash) => `\\x${hash}`)],
  });
  return new Map(rows.map(({ hash, ...token }) => [byHash.get(hash)!, token]));
}

/** The token this secret belongs to. Looked up each time, so that revocation holds at once. */
export async function findToken(db: Queryable, secret: string): Promise<FoundToken | null> {
  return (await findTokens(db, [secret])).get(secret) ?? null;
}

/** Remembers that a token was used, to the minute: at most one write a minute, however busy it is. */
export async function touchToken(db: Queryable, token: FoundToken): Promise<void> {
  await db.query(
    `update api_tokens set last_used_at = now() where account_id = $1 and id = $2
     and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [token.accountId, token.id],
  );
}

export type TokenRow = {
  readonly id: TokenId;
  readonly name: string;
  readonly access: string[];
  readonly rate_per_second: number | null;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
};

const columns = "id, name, access, rate_per_second, created_at, last_used_at, expires_at, revoked_at";

/** Oldest first, after the id `after`. */
export async function listTokens(scope: AccountScope, after: number, limit: number): Promise<TokenRow[]> {
  return scope.query<TokenRow>(
    `select ${columns} from api_tokens where account_id = $1 and id > $2 order by id limit $3`,
    [after, limit],
  );
}

export type NewToken = {
  readonly name: string;
  readonly access: readonly string[];
  readonly ratePerSecond: number | null;
  readonly expiresAt: string | null;
};

/** Makes a token; its secret exists in this answer alone, the table keeps its hash. */
export async function insertToken(scope: AccountScope, token: NewToken): Promise<TokenRow & { secret: string }> {
  // 256 bits: as it can't be guessed, a plain SHA-256 of it is as good as a slow hash
  const secret = `pb_${randomBytes(32).toString("base64url")}`;
  const [row] = await scope.query<TokenRow>(
    `insert into api_tokens (account_id, name, secret_hash, access, rate_per_second, expires_at)
     values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
    [token.name, hashSecret(secret), token.access, token.ratePerSecond, token.expiresAt],
  );
  return { ...row!, secret };
}

/** null: there is none under this id, or it was revoked before. */
export async function revokeToken(scope: AccountScope, id: TokenId): Promise<TokenRow | null> {
  const [row] = await scope.query<TokenRow>(
    `update api_tokens set revoked_at = now() where account_id = $1 and id = $2 and revoked_at is null returning ${columns}`,
    [id],
  );
  return row ?? null;
}

export function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
