import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, chmodSync, chownSync, constants, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { databaseUser, userName, userOf, type DatabaseUser, type Owner } from "./database-user.ts";
import { StartRefused } from "./start-refused.ts";
import { takeOver } from "./take-over.ts";

export type DataFolder = {
  /** Absolute, mode 0700. */
  readonly path: string;
  /** Whom the embedded database runs as, when that is somebody other than this process (we are root). */
  readonly owner: Owner | null;
  /** The same in words, for the person who starts it. */
  readonly ownerWords: string | null;
  /** What was done just now that this person may not expect, in sentences. */
  readonly news: readonly string[];
};

/** Where folders go that root's database user could not reach where they were asked for. */
const sharedHome = "/var/lib/patchbay";

/**
 * Makes the data folder, or finds it, and sees that we may write to it. `hasDatabase`: the embedded PostgreSQL lives in
 * it, so that its user must be able to reach it too. Throws StartRefused.
 */
export function openDataFolder(wanted: string, hasDatabase: boolean): DataFolder {
  const path = resolve(wanted);
  const user = hasDatabase ? databaseUser(ownerOf(join(path, "postgres"))) : null;
  const moved = user === null ? null : replacement(path, user);
  const chosen = moved ?? path;
  const news = moved === null ? [] : [movedWords(path, moved)];
  try {
    makeFolder(chosen, 0o700);
    refuseForeignFolder(chosen);
    const lent = user === null ? null : lend(join(chosen, "postgres"), user);
    const owner = lent && { uid: lent.user.uid, gid: lent.user.gid };
    if (owner !== null) chownSync(chosen, owner.uid, owner.gid);
    accessSync(chosen, constants.R_OK | constants.W_OK | constants.X_OK);
    if ((statSync(chosen).mode & 0o777) !== 0o700) chmodSync(chosen, 0o700);
    return { path: chosen, owner, ownerWords: lent?.words ?? null, news: [...news, ...(lent?.news ?? [])] };
  } catch (error) {
    throw error instanceof StartRefused ? error : refusalFor(error, chosen);
  }
}

/** The data folder that has an embedded database already: the one asked for, or the one that took its place. */
export function findDataFolder(wanted: string): string | null {
  const path = resolve(wanted);
  return [path, elsewhere(path)].find((folder) => existsSync(join(folder, "postgres"))) ?? null;
}

type Lent = { readonly user: Owner; readonly words: string; readonly news: readonly string[] };

/** Makes what is there the user's, unless a server of another user's runs on it: then that one's stays until it ends. */
function lend(home: string, user: DatabaseUser): Lent {
  const { name, isNew, whyNotOwn } = user;
  const words = whyNotOwn === null ? `user ${name}${isNew ? ", made just now" : ""}` : `user ${name}: ${whyNotOwn}`;
  const made = isNew ? [`Made the system user ${name}, whom PostgreSQL runs as.`] : [];
  const before = ownerOf(home);
  if (before === null || before.uid === user.uid) return { user, words, news: made };
  const former = userName(before.uid);
  if (takeOver(home, before, user))
    return { user, words, news: [...made, `The database in ${home} was user ${former}'s; it is user ${name}'s now.`] };
  const running = userOf(before);
  if (running === undefined)
    throw new StartRefused(
      `The database in ${home} is run by user ${former}, who has no name on this machine. Stop it.`,
    );
  return { user: running, words: `user ${former} until it is next stopped, then user ${name}`, news: made };
}

/**
 * With the folders above it. Not by Node's `recursive`, which tries for ever where a folder that is there says that it
 * isn't: below /proc.
 */
function makeFolder(folder: string, mode: number): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder), 0o755);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another start made it first
  }
}

/** Root only: another folder, when the database's user can't walk to `path`; null: `path` will do. */
function replacement(path: string, owner: Owner): string | null {
  if (!existsSync(join(path, "postgres"))) {
    if (existsSync(join(elsewhere(path), "postgres"))) return elsewhere(path);
    const above = nearestExisting(dirname(path));
    return !statSync(above).isDirectory() || canEnter(above, owner) ? null : elsewhere(path);
  }
  if (canEnter(dirname(path), owner)) return null;
  // an empty database in another place would look like lost data
  throw new StartRefused(
    `User ${userName(owner.uid)}, whom PostgreSQL runs as, can't reach the database in ${path}. ` +
      `Let every user enter the folders above it (chmod o+x), or move ${path} elsewhere and set PATCHBAY_DATA.`,
  );
}

/** The folder that takes the place of one that the database's user can't reach. */
function elsewhere(path: string): string {
  const hash = createHash("sha256").update(path).digest("hex").slice(0, 8);
  return join(sharedHome, `${basename(dirname(path)) || "root"}-${hash}`);
}

const movedWords = (from: string, to: string): string =>
  `PostgreSQL, which doesn't run as root, can't reach ${from}; the data is in ${to} instead.`;

/** Asks the system instead of reading mode bits: groups and access lists count too. */
function canEnter(folder: string, { uid, gid }: Owner): boolean {
  const args = ["-c", 'cd -- "$1"', "sh", folder];
  return spawnSync("/bin/sh", args, { uid, gid, cwd: "/", stdio: "ignore" }).status === 0;
}

function ownerOf(path: string): Owner | null {
  try {
    const { uid, gid } = statSync(path);
    return { uid, gid };
  } catch {
    return null;
  }
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}

/** A home or system folder named by mistake must not change its owner or be closed to others. */
function refuseForeignFolder(folder: string): void {
  const names = readdirSync(folder).filter((name) => name !== "lost+found" && name !== ".gitkeep");
  if (names.length === 0 || names.some((name) => name.startsWith("postgres") || name === "secret-key")) return;
  throw new StartRefused(
    `${folder} holds files that aren't Patchbay's (${names.slice(0, 3).join(", ")}). Set PATCHBAY_DATA to an empty or new folder.`,
  );
}

/** What a failed file operation in the data folder means to the person who started Patchbay. */
export function refusalFor(error: unknown, folder: string): StartRefused {
  const { code = "", syscall } = error as NodeJS.ErrnoException;
  const notFolder = `${folder} isn't a folder, or a part of its path is a file. Set PATCHBAY_DATA to another place.`;
  const words: Record<string, string> = {
    ENOSPC: `The disk that holds ${folder} is full. Free some space, then start again.`,
    EDQUOT: `Your quota on the disk that holds ${folder} is used up. Free some space, then start again.`,
    EROFS: `${folder} is on a disk that is read-only. Set PATCHBAY_DATA to a folder that can be written.`,
    EEXIST: notFolder,
    ENOTDIR: notFolder,
    ...(syscall === "mkdir" && {
      ENOENT: `${folder} is in a place that takes no new folders. Set PATCHBAY_DATA to another one.`,
    }),
  };
  const denied = `Patchbay can't write to its data folder ${folder}${belongsTo(folder)}. Start it as that user, or set PATCHBAY_DATA to a folder that ${userName(process.getuid?.() ?? -1)} can write.`;
  return new StartRefused(
    words[code] ??
      (code === "EACCES" || code === "EPERM" ? denied : `The data folder ${folder} can't be used: ${String(error)}`),
    { cause: error },
  );
}

function belongsTo(folder: string): string {
  try {
    return `, which belongs to user ${userName(statSync(nearestExisting(folder)).uid)}`;
  } catch {
    return "";
  }
}
