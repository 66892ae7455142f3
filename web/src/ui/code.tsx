import { Fragment, type ReactNode } from "react";
import { secretMask } from "../../../src/contracts/connect.ts";

/** Where a secret stands; screen readers hear what it is. */
const Masked = ({ text = secretMask }: { text?: string }) => (
  <span className="m" title="Hidden: a secret">
    <span aria-hidden>{text}</span>
    <span className="sr">hidden secret</span>
  </span>
);

/** Text in which every masked secret is drawn as one. */
export function WithSecrets({ text }: { text: string }) {
  return text.split(/(•{4,})/).map((part, place) =>
    // the parts of one text never change places
    // oxlint-disable-next-line react/no-array-index-key
    part.startsWith("••••") ? <Masked key={place} text={part} /> : <Fragment key={place}>{part}</Fragment>,
  );
}

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b|\btrue\b|\bfalse\b|\bnull\b)/g;

/** JSON with its keys, strings and numbers coloured; any other text stays as it is. */
export function Json({ text }: { text: string }) {
  // colouring a megabyte would freeze the page; it is read as plain text
  if (text.length > 60_000) return <WithSecrets text={text} />;
  const out: ReactNode[] = [];
  let last = 0;
  for (const found of text.matchAll(token)) {
    out.push(text.slice(last, found.index));
    const [whole, string, colon] = found;
    const kind = string === undefined ? "n" : colon ? "k" : "s";
    out.push(
      <span key={found.index} className={kind}>
        <WithSecrets text={string ?? whole} />
      </span>,
    );
    if (colon) out.push(colon);
    last = found.index + whole.length;
  }
  out.push(<WithSecrets key="rest" text={text.slice(last)} />);
  return out;
}

/** Indented when it is JSON, else as it came. Numbers keep every digit, since only spaces between tokens change. */
export function laidOut(text: string): string {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed) || trimmed.length > 200_000) return text;
  try {
    JSON.parse(trimmed);
  } catch {
    return text;
  }
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  const parts = trimmed.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s"[\]{}:,]+/g) ?? [];
  let out = "";
  parts.forEach((part, at) => {
    const before = parts[at - 1];
    if (part === "}" || part === "]") {
      depth--;
      out += before === "{" || before === "[" ? part : line() + part;
    } else {
      if (before === "{" || before === "[" || before === ",") out += line();
      out += part === ":" ? ": " : part;
      if (part === "{" || part === "[") depth++;
    }
  });
  return out;
}

/** A text's length as it travels, in words. */
export function bytesOf(text: string): string {
  const bytes = new TextEncoder().encode(text).length;
  return bytes < 10_000 ? `${bytes.toLocaleString("en")} bytes` : `${(bytes / 1024).toFixed(0)} KB`;
}
