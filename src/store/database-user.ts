import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { StartRefused } from "./start-refused.ts";

export type Owner = { readonly uid: number; readonly gid: number };

/** Whom the embedded PostgreSQL runs as when that isn't us: root lends it a user, because PostgreSQL refuses root. */
export type DatabaseUser = Owner & {
  readonly name: string;
  /** Just now, because the machine had none. */
  readonly isNew: boolean;
  /** In words, where another user than its own had to do; null: it is its own, or that of who made the database. */
  readonly whyNotOwn: string | null;
};

/** PostgreSQL's own user on machines where root starts Patchbay. */
const ownName = "patchbay";
const lastResort = "nobody";

/**
 * Whom the embedded PostgreSQL runs as; null: as ourselves. For root that is whoever a database that is there belongs to
 * (`before`), where that is a person's user; else `patchbay`, which is made when it is missing; else `nobody`. A uid
 * without a line in /etc/passwd fails in initdb, so that only named users are taken.
 */
export function databaseUser(before: Owner | null): DatabaseUser | null {
  const uid = process.getuid?.();
  if (uid === undefined) return null;
  if (uid !== 0) {
    if (passwd().some((user) => user.uid === uid) || passwd().length === 0) return null;
    throw new StartRefused(
      `PostgreSQL can't run as user ${uid}, who has no name on this machine. Add the user to /etc/passwd, start Patchbay as another user, or set DATABASE_URL.`,
    );
  }
  const theirs = before === null ? undefined : userOf(before);
  if (theirs !== undefined && theirs.uid !== 0 && theirs.name !== lastResort)
    return { ...theirs, isNew: false, whyNotOwn: null };
  const found = named(ownName);
  if (found !== undefined) return { ...found, isNew: false, whyNotOwn: null };
  const fault = makeUser();
  const made = named(ownName);
  if (made !== undefined) return { ...made, isNew: fault === null, whyNotOwn: null };
  const nobody = named(lastResort);
  const whyNotOwn = `user ${ownName} can't be made: ${fault ?? "it isn't in /etc/passwd"}`;
  if (nobody !== undefined) return { ...nobody, isNew: false, whyNotOwn };
  throw new StartRefused(
    `PostgreSQL refuses to run as root, this machine has no user ${lastResort}, and ${whyNotOwn}. Add a user named ${ownName}, or start Patchbay as an ordinary user.`,
  );
}

export function userName(uid: number): string {
  return passwd().find((user) => user.uid === uid)?.name ?? String(uid);
}

/** The user of that owner, with a name; undefined: there is none on this machine. */
export function userOf({ uid, gid }: Owner): (Owner & { readonly name: string }) | undefined {
  const found = passwd().find((user) => user.uid === uid);
  return found && { uid, gid, name: found.name };
}

const named = (name: string) => passwd().find((user) => user.name === name && user.uid !== 0);

/** A system user without home or shell, and a group of the same name. Null: made; else why not, in words. */
function makeUser(): string | null {
  const shell = ["/usr/sbin/nologin", "/sbin/nologin"].find((path) => existsSync(path)) ?? "/bin/false";
  const hasGroup = readLines("/etc/group").some((line) => line.startsWith(`${ownName}:`));
  const group = hasGroup ? ["--gid", ownName] : ["--user-group"];
  const home = "/nonexistent";
  const ways: readonly (readonly [program: string, ...args: string[]])[] = [
    ["useradd", "--system", ...group, "--no-create-home", "--home-dir", home, "--shell", shell, ownName],
    ["adduser", "--system", "--group", "--no-create-home", "--home", home, "--shell", shell, ownName],
  ];
  let fault: string | null = null;
  for (const [program, ...args] of ways) {
    const run = spawnSync(program, args, {
      cwd: "/",
      encoding: "utf8",
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
      timeout: 60_000,
    });
    if (run.status === 0) return null;
    const words = (run.stderr ?? "").trim().split("\n", 1)[0];
    if (run.error === undefined) fault ??= words === "" ? `${program} ended with code ${run.status}` : words!;
  }
  return fault ?? "this machine has neither useradd nor adduser";
}

function passwd(): { name: string; uid: number; gid: number }[] {
  return readLines("/etc/passwd")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length >= 4)
    .map(([name, , uid, gid]) => ({ name: name ?? "", uid: Number(uid), gid: Number(gid) }));
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}
