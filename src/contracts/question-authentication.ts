import {
  isLineBreak,
  linesOf,
  nothingOdd,
  ownNameBefore,
  questionUntilTidy,
  visibleText,
  withoutEndMark,
  withoutQuotes,
  type Questioned,
} from "./question-value.ts";

const pairWritten = /^["'“‘]?([\w.[\]-]+)["'”’]?\s*(=>|[:=])\s*(.*)$/su;
/** A token may hold a colon: what stands before it is a name when it is called like one, or a space follows. */
const named =
  /^["'“‘]?(?:[\w.-]*(?:key|token|secret|pass|user|auth|credential|client|account|id)[\w.-]*["'”’]?\s*:|[\w.-]+["'”’]?\s*:\s)/iu;

/**
 * Api Authentication (C) as vendors' e-mails and pages bring it: what is probably not meant, and the text as it probably
 * is. A leading `?` or `&` is dropped at saving and not worth a word.
 */
export const questionAuthentication = (typed: string): Questioned => questionUntilTidy(typed, questionOnce);

function questionOnce(typed: string): Questioned {
  if (typed.trim() === "") return nothingOdd;
  const questions: string[] = [];
  const add = (words: string): void => void questions.push(words);
  let text = visibleText(typed).trim();
  if (text !== typed.trim()) add("Api Authentication has an invisible character");
  const object = pairsOfObject(text);
  if (object !== null)
    return { questions: ["This is JSON: pairs are written name=value, with & between them"], tidy: object };
  if (/^(?:proxy-)?authorization\s*[:=]/i.test(text) || /^(?:bearer|basic)\s+\S/i.test(text))
    return { questions: ["This is a header: it belongs into Authorization Header (D)"], tidy: null };
  text = unwrapped(text, () => add("Api Authentication is in quotes"));
  const query = queryOf(text);
  if (query !== null) {
    add("This is a whole address: only what follows its ? belongs here");
    if (query === "") return { questions, tidy: null };
    text = query;
  }
  if (text.includes("&amp;")) {
    add("Api Authentication is written as HTML: &amp; stands for &");
    text = text.replaceAll("&amp;", "&");
  }
  if (isLineBreak.test(text)) {
    add("Api Authentication stands on several lines: its pairs are parted by &");
    text = joined(linesOf(text));
  }
  const pairs = pairsIn(text, add).map((pair) => tidyPair(pair, add));
  return questions.length === 0 ? nothingOdd : { questions, tidy: pairs.join("&") };
}

/** Several lines as they are pasted, as pairs with & between them. null: they are not pairs, or it is one line. */
export function authenticationOfLines(pasted: string): string | null {
  const lines = linesOf(visibleText(pasted));
  const pairs = lines.map((line) => withoutEndMark(line).replace(/^[?&]+/, ""));
  if (pairs.length < 2 || !pairs.every((pair) => pairWritten.test(pair))) return null;
  return pairs.map((pair) => tidyPair(pair, () => {})).join("&");
}

/** A line without a name goes on with the one before. */
const joined = (lines: readonly string[]): string =>
  lines.reduce((all, line) => all + (all === "" || !pairWritten.test(line) || /[&?]$/.test(all) ? "" : "&") + line, "");

function unwrapped(text: string, inQuotes: () => void): string {
  const bare = withoutQuotes(text).trim();
  // a pair's own quotes are looked at with the pair
  if (bare === text || /^["'“‘][\w.[\]-]+["'”’]\s*[:=]/u.test(text)) return text;
  if (!/^["'`“‘]/u.test(text)) return text;
  inQuotes();
  return bare;
}

/** What stands behind the ? of an address; empty: nothing does; null: it is no address. */
function queryOf(text: string): string | null {
  const address = /^(?:https?:\/\/|[\w-]+(?:\.[\w-]+)+\/|\/)[^\s?]*(?:\?(.*))?$/isu.exec(text);
  return address ? (address[1]?.split("#", 1)[0] ?? "") : null;
}

/** `{"api_key": "abc"}` */
function pairsOfObject(text: string): string | null {
  if (!text.startsWith("{")) return null;
  try {
    const pairs = Object.entries(JSON.parse(text) as object);
    if (pairs.length === 0 || pairs.some(([, value]) => typeof value === "object")) return null;
    return pairs.map(([name, value]) => `${name}=${String(value)}`).join("&");
  } catch {
    return null;
  }
}

/** Between `&`, or between the commas or spaces of a list of pairs. */
function pairsIn(text: string, add: (words: string) => void): string[] {
  const parts = text
    .replace(/^[?&]+/, "")
    .split("&")
    .filter((part) => part !== "");
  const only = parts.length === 1 ? parts[0]! : "";
  const listed = only.split(/[,;\s]\s*(?=["'“‘]?[\w.[\]-]+["'”’]?\s*[:=])/u);
  if (listed.length < 2) return parts;
  add("The pairs of Api Authentication are parted by &");
  return listed;
}

function tidyPair(pair: string, add: (words: string) => void): string {
  let text = pair.trim();
  if (withoutEndMark(text) !== text) {
    add("Api Authentication ends with a mark that belongs to the text around it");
    text = withoutEndMark(text);
  }
  const [, name, sign, typed] = pairWritten.exec(text) ?? [];
  if (name === undefined || typed === undefined || (sign === ":" && !named.test(text))) return text;
  if (sign !== "=") add(`A name is parted from its value by =, not by ${sign}`);
  else if (text !== `${name}=${typed}`) add(`${name} has a space or quotes around it`);
  let value = typed;
  for (let before = ""; before !== value;) {
    before = value;
    if (ownNameBefore(name).test(value)) add(`${name} stands twice`);
    value = value.replace(ownNameBefore(name), "");
    if (withoutQuotes(value) !== value) add(`The value of ${name} is in quotes`);
    value = withoutQuotes(value).trim();
  }
  return `${name}=${value}`;
}
