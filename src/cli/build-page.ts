import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StartRefused } from "../store/start-refused.ts";

const checkout = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Builds the page into web/dist when it isn't there or its sources are newer. When it can't be built anew (vite is left
 * out by --omit=dev), the page that is there is used, and that is said; without any, throws StartRefused.
 */
export function buildPage(say: (line: string) => void, root: string = checkout): void {
  const [web, dist] = [join(root, "web"), join(root, "web", "dist")];
  if (!existsSync(join(web, "index.html"))) return;
  const built = existsSync(join(dist, "index.html")) ? statSync(join(dist, "index.html")).mtimeMs : null;
  if (built !== null && built >= newestOf([web, join(root, "src", "contracts")])) return;
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  if (!existsSync(vite)) {
    if (built !== null) {
      say("The page is older than its sources, and vite isn't installed to build it anew; the old one is served.");
      return;
    }
    throw new StartRefused(
      "The page isn't built, and vite, which builds it, isn't installed. Run npm ci without --omit=dev, or copy web/dist from a checkout where npm run build was run.",
    );
  }
  say("Building the page …");
  // built elsewhere and put in place whole: a page in use is never half there
  const half = join(root, "node_modules", `.page-${process.pid}`);
  const args = [
    vite,
    "build",
    web,
    "-c",
    join(web, "vite.config.ts"),
    "--outDir",
    half,
    "--emptyOutDir",
    "--logLevel",
    "warn",
  ];
  const environment = { ...process.env, NO_COLOR: "1" };
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", env: environment });
  if (run.status !== 0) {
    rmSync(half, { recursive: true, force: true });
    const words = `The page can't be built:\n${run.stdout}${run.stderr}`;
    if (built === null) throw new StartRefused(words);
    say(`${words}\nThe old one is served.`);
    return;
  }
  rmSync(dist, { recursive: true, force: true });
  try {
    renameSync(half, dist);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(join(dist, "index.html"))) throw error; // else another start put the same page there
  }
}

/** When the youngest file below the folders was changed, in milliseconds. */
function newestOf(folders: readonly string[]): number {
  let newest = 0;
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === "dist" || entry.name === "node_modules") continue;
      const path = join(folder, entry.name);
      newest = Math.max(newest, entry.isDirectory() ? newestOf([path]) : statSync(path).mtimeMs);
    }
  }
  return newest;
}
