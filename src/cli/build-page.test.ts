import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildPage } from "./build-page.ts";

let root = "";
let said: string[] = [];
const build = (): void => {
  buildPage((line) => said.push(line), root);
};
const write = (name: string, text: string, atSeconds: number): void => {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  utimesSync(path, atSeconds, atSeconds);
};
/** Stands in for vite: what it is told as --outDir becomes a page. */
const builder = `
  const { mkdirSync, writeFileSync } = require("node:fs");
  const out = process.argv[process.argv.indexOf("--outDir") + 1];
  mkdirSync(out, { recursive: true });
  writeFileSync(out + "/index.html", "built");
`;
const page = (): string => readFileSync(join(root, "web/dist/index.html"), "utf8");

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "patchbay-page-"));
  said = [];
  write("src/contracts/ids.ts", "", 1000);
  write("web/index.html", "source", 1000);
  write("web/src/main.tsx", "", 1000);
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

test("a page that is missing is built", () => {
  write("node_modules/vite/bin/vite.js", builder, 1000);
  build();
  expect(page()).toBe("built");
  expect(said).toEqual(["Building the page …"]);
});

test.each(["web/src/main.tsx", "src/contracts/ids.ts"])("a page older than %s is built anew", (source) => {
  write("node_modules/vite/bin/vite.js", builder, 1000);
  write("web/dist/index.html", "old", 2000);
  write(source, "", 3000);
  build();
  expect(page()).toBe("built");
});

test("a page younger than its sources stays", () => {
  write("node_modules/vite/bin/vite.js", builder, 1000);
  write("web/dist/index.html", "young", 2000);
  build();
  expect([page(), said]).toEqual(["young", []]);
});

test("without vite an old page is served, and that is said", () => {
  write("web/dist/index.html", "old", 500);
  build();
  expect(page()).toBe("old");
  expect(said.join()).toContain("the old one is served");
});

test("without vite and without a page the start is refused", () => {
  expect(build).toThrow(/vite, which builds it, isn't installed\. Run npm ci without --omit=dev/);
});

test("a build that fails leaves the old page, or refuses the start with what vite said", () => {
  write("node_modules/vite/bin/vite.js", `console.error("no such import"); process.exit(1)`, 1000);
  expect(build).toThrow(/can't be built:\nno such import/);
  write("web/dist/index.html", "old", 500);
  build();
  expect(page()).toBe("old");
});

test("an installation without a page's sources needs no build", () => {
  rmSync(join(root, "web"), { recursive: true });
  build();
  expect(said).toEqual([]);
});
