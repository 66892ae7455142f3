// Run by npm before the tests: a browser for those that drive one, and the page they open.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

if (!hasChromium()) installChromium();
const { buildPage } = await import("../src/cli/build-page.ts");
try {
  buildPage((line) => {
    console.log(line);
  });
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

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

/** Quiet when it goes well; everything it said when it doesn't. */
function run(command, args, env) {
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: "utf8" });
  if (status !== 0) console.error(`${command} ${args.join(" ")} failed:\n${stdout ?? ""}${stderr ?? ""}`);
}
