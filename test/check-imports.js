// Import directions, cycles, what can't be resolved. A checker that could read nothing finds nothing either: that fails.
import { spawnSync } from "node:child_process";

const { status, stdout } = spawnSync("depcruise", ["src", "test", "web/src", "--config", ".dependency-cruiser.js"], {
  encoding: "utf8",
});
console.log(stdout);
const modules = Number(/([\d,]+) modules/.exec(stdout)?.[1]?.replaceAll(",", "") ?? 0);
if (modules === 0) console.error("The import checker read no modules: is @swc/core installed?.");
process.exit(status !== 0 || modules === 0 ? 1 : 0);
