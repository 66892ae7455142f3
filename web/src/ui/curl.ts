import type { Call } from "../../../src/contracts/delivery.ts";

/** A request as a command for the shell, masked secrets left masked. */
export function curlOf({ method, url, headers, body }: Call["request"]): string {
  const parts = [
    `curl -X ${method} ${quoted(url)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
  ];
  if (body !== null) parts.push(`--data-raw ${quoted(body)}`);
  return parts.join(" \\\n  ");
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
