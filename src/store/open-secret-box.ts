import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { refusalFor } from "./data-folder.ts";
import type { Queryable } from "./database.ts";
import { createSecretBox, type SecretBox } from "./secret-box.ts";
import { StartRefused } from "./start-refused.ts";

/**
 * The secret box of this installation: with `given` (PATCHBAY_SECRET_KEY), else with the key in the data folder, which is
 * made at the first start. A key that doesn't fit the database is refused, and none is made where one must exist already.
 * `dataFolder` is asked for only when it is needed. Throws StartRefused.
 */
export async function openSecretBox(
  database: Queryable,
  given: Uint8Array | null,
  dataFolder: () => string,
): Promise<SecretBox> {
  if (given !== null) return await fit(database, createSecretBox(given), "the key in PATCHBAY_SECRET_KEY");
  const file = join(dataFolder(), "secret-key");
  // in this order: another first start puts its file in place before the database learns its fingerprint
  const before = await knownFingerprint(database);
  const kept = readKey(file);
  if (kept !== null) return await fit(database, createSecretBox(kept), `the key in ${file}`);
  if (before !== null) {
    throw new StartRefused(
      `The secret key is missing: this database's secrets are sealed with key ${before.slice(0, 8)}…, and there is no ${file}. Put that file back from a backup, or set PATCHBAY_SECRET_KEY to the key.`,
    );
  }
  return await fit(database, createSecretBox(makeKey(file)), `the key in ${file}`);
}

/** The first key to come is this database's; whoever is second in a race learns that theirs isn't. */
async function fit(database: Queryable, box: SecretBox, whose: string): Promise<SecretBox> {
  await database.query("update installation set secret_key_fingerprint = $1 where secret_key_fingerprint is null", [
    box.fingerprint,
  ]);
  const known = await knownFingerprint(database);
  if (known === box.fingerprint) return box;
  throw new StartRefused(
    `The secret key doesn't fit: this database's secrets are sealed with key ${known?.slice(0, 8)}…, and ${whose} is ${box.fingerprint.slice(0, 8)}…. Set PATCHBAY_SECRET_KEY to the database's own key, or put its secret-key file back. Processes on one DATABASE_URL need the same key.`,
  );
}

async function knownFingerprint(database: Queryable): Promise<string | null> {
  const { rows } = await database.query<{ fingerprint: string | null }>(
    "select secret_key_fingerprint as fingerprint from installation",
  );
  return rows[0]?.fingerprint ?? null;
}

function readKey(file: string): Uint8Array | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw refusalFor(error, file);
  }
  const key = Buffer.from(text, "base64");
  if (key.length === 32) return key;
  throw new StartRefused(`${file} doesn't hold a key (32 bytes in base64). Put the file back from a backup.`);
}

/** On disk before anything is sealed with it; linked into place, so that of two first starts one makes it. */
function makeKey(file: string): Uint8Array {
  const half = `${file}.${process.pid}`;
  try {
    const handle = openSync(half, "w", 0o600);
    writeSync(handle, `${randomBytes(32).toString("base64")}\n`);
    fsyncSync(handle);
    closeSync(handle);
    linkSync(half, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw refusalFor(error, file);
  } finally {
    rmSync(half, { force: true });
  }
  return readKey(file) ?? new Uint8Array();
}
