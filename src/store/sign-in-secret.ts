import { randomBytes } from "node:crypto";
import type { Queryable } from "./database.ts";
import type { SecretBox } from "./secret-box.ts";

const row = { table: "installation", account: 0, id: 0 } as const;

/** What signs the cookies of every process on this database; made once, kept sealed. */
export async function signInSecret(db: Queryable, secretBox: SecretBox): Promise<string> {
  await db.query("update installation set sign_in_secret = $1 where sign_in_secret is null", [
    secretBox.seal({ secret: randomBytes(32).toString("base64") }, row),
  ]);
  const { rows } = await db.query<{ sealed: Uint8Array }>("select sign_in_secret as sealed from installation");
  return secretBox.open(rows[0]!.sealed, row)["secret"]!;
}
