import { readFileSync, statSync } from "node:fs";
import { StartRefused } from "./start-refused.ts";

export type Owner = { readonly uid: number; readonly gid: number };

/**
 * Whom the embedded PostgreSQL runs as; null: as ourselves. PostgreSQL refuses root, so root lends it the owner of a
 * database that is there already, else user `patchbay`, else `nobody`. A uid without a line in /etc/passwd fails in
 * initdb, so that only named users are taken.
 */
export function databaseUser(existing: string): Owner | null {
  const uid = process.getuid?.();
  if (uid === undefined) return null;
  if (uid !== 0) {
    if (passwd().some((user) => user.uid === uid) || passwd().length === 0) return null;
    throw new StartRefused(
      `PostgreSQL can't run as user ${uid}, who has no name on this machine. Add the user to /etc/passwd, start Patchbay as another user, or set DATABASE_URL.`,
    );
  }
  const before = ownerOf(existing);
  const user =
    before !== null && before.uid !== 0
      ? passwd().find(({ uid: named }) => named === before.uid)
      : ["patchbay", "nobody"]
          .map((name) => passwd().find((line) => line.name === name))
          .find((line) => line !== undefined);
  if (user !== undefined) return { uid: user.uid, gid: user.gid };
  throw new StartRefused(
    before !== null && before.uid !== 0
      ? `The database in ${existing} belongs to user ${before.uid}, who has no name on this machine. Add that user, or give the folder to user nobody (chown -R nobody).`
      : "PostgreSQL refuses to run as root, and this machine has no user patchbay or nobody to run it as. Add a user named patchbay, or start Patchbay as an ordinary user.",
  );
}

export function userName(uid: number): string {
  return passwd().find((user) => user.uid === uid)?.name ?? String(uid);
}

function passwd(): { name: string; uid: number; gid: number }[] {
  try {
    return readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"))
      .filter((fields) => fields.length >= 4)
      .map(([name, , uid, gid]) => ({ name: name ?? "", uid: Number(uid), gid: Number(gid) }));
  } catch {
    return [];
  }
}

function ownerOf(path: string): Owner | null {
  try {
    const { uid, gid } = statSync(path);
    return { uid, gid };
  } catch {
    return null;
  }
}
