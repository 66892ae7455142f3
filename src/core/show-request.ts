import type { ShownRequest } from "../contracts/preview.ts";
import type { RequestPlan } from "./request.ts";
import { deliveryHeaders, sentHeaders } from "./sent-headers.ts";
import { maskText } from "./text.ts";

/**
 * A request as a person may see it, with every header that sending adds: every secret is ••••••••, in the curl command too.
 * The delivery's id is not in the command: a vendor that heeds it would take each paste after the first for a repeat.
 */
export function showRequest(plan: RequestPlan): ShownRequest {
  const parts = shownParts(plan);
  return { ...parts, curl: curlCommand(parts.method, parts.url, sentHeaders(maskedHeaders(plan), []), parts.body) };
}

/** The same without the command. */
export function shownParts(plan: RequestPlan): Omit<ShownRequest, "curl"> {
  const headers = sentHeaders(maskedHeaders(plan), deliveryHeaders("(the delivery's id)"));
  return {
    method: plan.method,
    url: maskText(plan.url),
    headers: headers.map(([name, value]) => [name, value]),
    body: plan.body === null ? null : maskText(plan.body),
  };
}

const maskedHeaders = ({ headers }: RequestPlan) => headers.map(({ name, value }) => [name, maskText(value)] as const);

/** The command that sends the same, for a POSIX shell (bash or zsh where the request holds control characters). */
function curlCommand(
  method: string,
  url: string,
  headers: readonly (readonly [name: string, value: string])[],
  body: string | null,
): string {
  // curl reads [1-9] and {a,b} in a URL as several URLs unless told not to.
  const globs = /[[\]{}]/.test(url) ? " --globoff" : "";
  const implied = method === "GET" && body === null;
  // --compressed: what Accept-Encoding asked for is unpacked.
  const lines = [`curl --compressed${globs}${implied ? "" : ` -X ${method}`} ${quoteForShell(url)}`];
  for (const [name, value] of headers)
    lines.push(`-H ${quoteForShell(value === "" ? `${name};` : `${name}: ${value}`)}`);
  // curl would add a form's content type to a body by itself: an empty header takes it back.
  if (body !== null && !headers.some(([name]) => name.toLowerCase() === "content-type"))
    lines.push(quoteOption("-H", "Content-Type:"));
  if (body !== null) lines.push(quoteOption("--data-raw", body));
  return lines.join(" \\\n  ");
}

const quoteOption = (option: string, value: string): string => `${option} ${quoteForShell(value)}`;

/** One word of a shell command, whatever it holds. No shell can pass NUL on: it becomes U+FFFD. */
export function quoteForShell(text: string): string {
  const passable = text.toWellFormed().replaceAll("\0", "\ufffd");
  if (!/[\p{Cc}\u2028\u2029]/u.test(passable.replaceAll("\n", "")))
    return `'${passable.replaceAll("'", String.raw`'\''`)}'`;
  // Control characters must not reach the terminal that the command is pasted into.
  return `$'${passable.replace(/['\\]/g, String.raw`\$&`).replace(/[\p{Cc}\u2028\u2029]/gu, escapeControl)}'`;
}

function escapeControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
