// The system's Node may be older than the one this package pins. Plain JavaScript, so that any Node can read it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const wantedMajor = 26;

if (Number(process.versions.node.split(".")[0]) < wantedMajor) await runPinnedNode();

/** Runs this program again on the pinned Node and never comes back: signals are passed on, and so is how it ended. */
async function runPinnedNode() {
  const bin = join(dirname(fileURLToPath(import.meta.url)), "..", "node_modules", ".bin");
  const pinned = join(bin, process.platform === "win32" ? "node.cmd" : "node");
  if (!existsSync(pinned)) {
    console.error(
      `Patchbay needs Node ${wantedMajor} or newer; this is ${process.version}. Run npm ci (without --omit=optional), or install Node ${wantedMajor}.`,
    );
    process.exit(1);
  }
  // the channel closes when this process is killed, by which the child learns that it has to stop
  const child = spawn(pinned, process.argv.slice(1), { stdio: ["inherit", "inherit", "inherit", "ipc"] });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const name of signals) process.on(name, () => child.kill(name));
  child.on("error", (error) => {
    console.error(`The pinned Node (${pinned}) doesn't start: ${error.message}. Run npm ci again.`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
  await new Promise(() => {});
}
