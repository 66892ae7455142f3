// Run by npm before the tests: a browser for those that drive one, and the page they open. Plain JavaScript, so that any Node can read it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

if (!hasChromium()) installChromium();
if (existsSync(join(root, "web", "src"))) buildPage();

function hasChromium() {
  if (process.env.CHROMIUM && existsSync(process.env.CHROMIUM)) return true;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => ["chromium", "chromium-browser"].some((name) => existsSync(join(folder, name))));
}

function installChromium() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    console.log(
      "Chromium isn't installed, and the browser tests need it: install the package chromium (apt install chromium).",
    );
    return;
  }
  console.log("Installing Chromium for the browser tests (apt-get install chromium) …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], env);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], env);
}

function buildPage() {
  console.log("Building the page …");
  // the pinned Node comes first on npm's path; called by hand it is this one
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const status = run(
    process.execPath,
    [vite, "build", "web", "-c", "web/vite.config.ts", "--logLevel", "warn"],
    process.env,
  );
  if (status !== 0) process.exit(1);
}

/** Quiet when it goes well; everything it said when it doesn't. */
function run(command, args, env) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, env, encoding: "utf8" });
  if (status !== 0) console.error(`${command} ${args.join(" ")} failed:\n${stdout ?? ""}${stderr ?? ""}`);
  return status;
}
