import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { browse, loaded } from "./page.ts";

const patchbay = browse();
const bytesMax = 250 * 1024;

test.each(["/sign-in", "/connects", "/start"])("%s needs less than 250 KB of compressed script", async (path) => {
  const page = path === "/sign-in" ? await patchbay.open() : await patchbay.openSignedIn();
  const scripts: Promise<Buffer>[] = [];
  page.on("response", (answer) => {
    if (new URL(answer.url()).pathname.endsWith(".js")) scripts.push(answer.body());
  });
  await page.goto(path);
  await loaded(page);
  const bytes = (await Promise.all(scripts)).reduce((sum, script) => sum + gzipSync(script).length, 0);
  expect(bytes).toBeGreaterThan(50 * 1024);
  expect(bytes).toBeLessThan(bytesMax);
  await page.context().close();
});
