// The system's Node may be older than the one this package pins. Plain JavaScript, so that any Node can read it.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const wantedMajor = 26;

/** The program that runs Patchbay: this very Node where it is new enough, else the pinned one. Ends the process where that is missing. */
export function findNode() {
  if (Number(process.versions.node.split(".")[0]) >= wantedMajor) return process.execPath;
  const bin = join(dirname(fileURLToPath(import.meta.url)), "..", "node_modules", ".bin");
  const pinned = join(bin, process.platform === "win32" ? "node.cmd" : "node");
  if (existsSync(pinned)) return pinned;
  console.error(
    `Patchbay needs Node ${wantedMajor} or newer; this is ${process.version}. Run npm ci (without --omit=optional), or install Node ${wantedMajor}.`,
  );
  process.exit(1);
}
