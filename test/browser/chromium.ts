import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";

/** A chromium of the machine's own: `CHROMIUM`, or the one in the PATH. */
export async function launchChromium(): Promise<Browser> {
  const places = (process.env["PATH"] ?? "").split(delimiter);
  const found = [
    process.env["CHROMIUM"] ?? "",
    ...places.flatMap((place) => [join(place, "chromium"), join(place, "chromium-browser")]),
  ].find((path) => path !== "" && existsSync(path));
  if (found === undefined) throw new Error("Chromium isn't installed: apt install chromium, or set CHROMIUM.");
  return chromium.launch({
    executablePath: found,
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
    ],
  });
}

/** Who sets the account up. */
export const admin = {
  account_name: "Northgate Calls",
  time_zone: "America/New_York",
  name: "Dana Whitfield",
  email: "dana@example.com",
  password: "correct horse battery",
} as const;

/** Calls the admin API as the page's signed-in user. */
export async function api<Answer>(
  page: Page,
  method: "GET" | "POST" | "PATCH",
  path: string,
  data?: object,
): Promise<Answer> {
  const answer = await page.request.fetch(path, {
    method,
    // the server takes writes with a cookie only from its own page
    headers: page.url() === "about:blank" ? {} : { origin: new URL(page.url()).origin },
    ...(data ? { data } : {}),
  });
  if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
