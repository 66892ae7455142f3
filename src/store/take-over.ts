import { existsSync, lchownSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Owner } from "./database-user.ts";
import { serverRunsOn } from "./server-runs-on.ts";

/**
 * Root only: makes the database in this folder (`<data>/postgres`), which is `before`'s, `owner`'s, unless a server runs
 * on it. False: one does.
 *
 * The cluster's own folder comes first: PostgreSQL refuses to start on one that isn't its user's, so that from then on
 * nobody starts the former user's server, and whoever had begun to is seen by its lock file. `postgres` comes last: where
 * this is cut short, the next start sees the former owner and does it again.
 */
export function takeOver(home: string, before: Owner, owner: Owner): boolean {
  const cluster = join(home, "cluster");
  if (existsSync(cluster)) {
    if (serverRunsOn(cluster)) return false;
    lchownSync(cluster, owner.uid, owner.gid);
    if (serverRunsOn(cluster)) {
      lchownSync(cluster, before.uid, before.gid);
      return false;
    }
    giveAll(cluster, before, owner);
  }
  giveAll(home, before, owner);
  lchownSync(home, owner.uid, owner.gid);
  return true;
}

/** What in a folder is `before`'s, and no more: a hard link may lead to a file that is none of the database's. */
function giveAll(folder: string, before: Owner, owner: Owner): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const found = lstatSync(path);
    // a folder before what is in it: its former owner can't change that any more
    if (found.uid === before.uid) lchownSync(path, owner.uid, owner.gid);
    else if (found.uid !== owner.uid) continue; // else it was given before this was cut short
    if (found.isDirectory()) giveAll(path, before, owner);
  }
}
