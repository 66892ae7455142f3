import {
  endMark,
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

/** RFC 9110, 5.6.2: what a header's name may hold. */
const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const nameAndValue = new RegExp(`^["'“‘]?(${token}?)["'”’]?\\s*(?::|=>)\\s*(.*)$`, "su");
const schemes = "bearer|basic|token|oauth|apikey|api-key|digest";
/** RFC 9110, 8.8.3: the value of these is a text in quotes. */
const quotedByRule = /^(?:if-(?:none-)?match|if-range|etag)$/i;
const knownName = /^(?:authorization|proxy-authorization|content-type|accept|x-[\w-]+|[\w-]*api[-_]?key|[\w-]*token)$/i;

/** `Content Type: text/plain` */
const spacedName = /^([\w-]+(?:\s+[\w-]+){1,2}):\s/u;

/** A header as it was meant. */
type Tidied = {
  /** null: it can't be told what was meant. */
  readonly text: string | null;
  readonly name: string | null;
  /** "says Bearer twice" */
  readonly said: readonly string[];
};

/** The segments between the pipes that part headers; `\|` is a pipe of a value. */
export const splitAtPipes = (typed: string): string[] =>
  typed
    .split(/(?<!\\)\|/)
    .map((raw) => raw.trim())
    .filter((text) => text !== "");

/** A value's last backslash must not make the pipe after it a literal one: a space, dropped at reading, parts them. */
export const joinWithPipes = (headers: readonly string[]): string =>
  headers.map((header, at) => (at < headers.length - 1 ? header.replace(/\\$/, "\\ ") : header)).join("|");

const positions = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

/** "The header X-Api-Key"; without a name "The second header". `at` from 0. */
export const headerWords = (name: string | null, at: number): string =>
  name !== null ? `The header ${name}` : `The ${positions[at] ?? `${at + 1}th`} header`;

/**
 * Authorization Header (D) as vendors' e-mails, pages and commands bring it: what is probably not meant, and the text as it
 * probably is.
 */
export const questionHeaders = (typed: string): Questioned => questionUntilTidy(typed, questionOnce);

function questionOnce(typed: string): Questioned {
  if (typed.trim() === "") return nothingOdd;
  const whole = takenApart(typed);
  const questions = whole.said === null ? [] : [whole.said];
  const headers: (string | null)[] = [];
  whole.headers.forEach((header, at) => {
    const tidied = tidyHeader(header);
    const before = headers.at(-1);
    // a | within a value parts nothing but looks as if it did
    if (at > 0 && tidied.name === null && !/\s/.test(header) && typeof before === "string" && whole.said === null) {
      headers[headers.length - 1] = `${before}\\|${header}`;
      questions.push(`${headerWords(null, at)} has no name: if the | before it belongs to the value, write \\|`);
      return;
    }
    headers.push(tidied.text);
    questions.push(...tidied.said.map((words) => `${headerWords(tidied.name, at)} ${words}`));
  });
  if (questions.length === 0) return nothingOdd;
  const known = headers.filter((header) => header !== null);
  return {
    questions,
    tidy: known.length === headers.length && known.length > 0 ? joinWithPipes(known) : null,
  };
}

/** What is odd about the text as a whole: a command, JSON or several lines, none of which can be saved; null: nothing. */
export const oddOfWhole = (typed: string): string | null => (typed.trim() === "" ? null : takenApart(typed).said);

/** What is odd about one header, as sentences. */
export function oddOfHeader(header: string, at: number): string[] {
  const { name, said } = tidyHeader(header);
  return said.map((words) => `${headerWords(name, at)} ${words}`);
}

/**
 * Several lines as they are pasted (of a mail, of Postman, of a curl command), as the headers they are: with pipes between
 * them. null: they are not headers, or it is one line.
 */
export function headersOfLines(pasted: string): string | null {
  const lines = linesOf(visibleText(pasted));
  if (lines.length < 2) return null;
  const headers = isCurl(pasted) ? headersOfCurl(pasted) : lines.flatMap(headersOfLine);
  return headers.length === 0 || headers.some((header) => header === null)
    ? null
    : joinWithPipes(headers.filter((header) => header !== null));
}

/** null: none. Empty: a line that says nothing about headers. */
function headersOfLine(line: string): (string | null)[] {
  if (/^(?:\/\/|#|(?:GET|POST|PUT|PATCH|DELETE)\s|[{}[\]\\]*$)/.test(line)) return [];
  const column = new RegExp(`^(${token})\\t+(\\S.*)$`, "u").exec(line);
  const found = column ?? nameAndValue.exec(withoutQuotes(withoutEndMark(line)));
  // what a person wrote around them; one word alone may be the end of the line before
  if (!found) return /\S\s+\S/.test(line) && withName(line) === null ? [] : [null];
  if (found[2] === "") return /^headers?$/i.test(found[1]!) ? [] : [null];
  // the documentation of this very setting writes several on a line
  const several = splitAtPipes(line);
  if (several.length > 1 && several.every((part) => nameAndValue.test(part) && isNamedHeader(part))) return several;
  const name = found[1]!;
  return [`${name}: ${escapePipes(column ? found[2]! : valueOf(found[2]!))}`];
}

const isNamedHeader = (text: string): boolean => {
  const name = nameAndValue.exec(text)?.[1];
  return name !== undefined && (knownName.test(name) || new RegExp(`^${token}:\\s`, "u").test(text));
};

const valueOf = (text: string): string => withoutQuotes(withoutEndMark(text));
const escapePipes = (value: string): string => value.replaceAll(/(?<!\\)\|/g, "\\|");

const isCurl = (text: string): boolean =>
  /^\s*\$?\s*curl\s/.test(text) || /(?:^|\s)(?:-H|--header)[\s='"“‘]/.test(text);

/** The headers of a command for the shell: of `-H`, `--header` and `-u`. */
function headersOfCurl(command: string): string[] {
  const words = Array.from(
    command.matchAll(/'((?:[^'])*)'|"((?:\\.|[^"\\])*)"|[“”]([^“”]*)[“”]|[‘’]([^‘’]*)[‘’]|([^\s'"]+)/gsu),
    ([, single, double, curly, curlySingle, plain]) =>
      single ?? double?.replaceAll(/\\(.)/gs, "$1") ?? curly ?? curlySingle ?? plain ?? "",
  );
  const headers: string[] = [];
  words.forEach((word, at) => {
    const next = words[at + 1];
    const joined = /^(?:-H|--header=)(.+)$/s.exec(word)?.[1];
    if (/^(?:-H|--header)$/.test(word) || word === "--header=") {
      if (next !== undefined) headers.push(escapePipes(next));
    } else if (joined !== undefined) headers.push(escapePipes(joined));
    else if ((word === "-u" || word === "--user") && next !== undefined)
      headers.push(`Authorization: Basic ${base64(next)}`);
  });
  return headers;
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

/** The headers of what was typed, and how it was wrapped; `said` null: it was not. */
function takenApart(typed: string): { readonly headers: readonly string[]; readonly said: string | null } {
  const text = typed.trim();
  const object = headersOfObject(text);
  if (object !== null)
    return { headers: object, said: "This is JSON: headers are written Name: value, with | between them" };
  if (isCurl(text))
    return { headers: headersOfCurl(text), said: "This is a curl command, of which only the headers belong here" };
  if (!isLineBreak.test(text)) return { headers: splitAtPipes(text), said: null };
  const joined = headersOfLines(text);
  if (joined !== null)
    return { headers: splitAtPipes(joined), said: "The headers stand on several lines: they are parted by |" };
  // a value that went on in the next line
  const headers: string[] = [];
  let name: string | null | undefined;
  for (const line of linesOf(text)) {
    const isHeader = nameAndValue.test(line) && !/\s/.test(nameAndValue.exec(line)![1]!);
    if (isHeader || headers.length === 0) headers.push(line);
    else {
      const before = headers.pop()!;
      if (name === undefined) name = nameAndValue.exec(before)?.[1] ?? null;
      // within a token there is no space; after a name or a scheme there is. Looked at from its end: lines may be thousands
      headers.push(/:(?:\s*\S{1,19})?$/.test(before.slice(-40)) ? `${before} ${line}` : before + line);
    }
  }
  return {
    headers: headers.flatMap(splitAtPipes),
    said: `${headerWords(name ?? null, 0)} has a line break in its value`,
  };
}

/** `{"Authorization": "Bearer abc"}` */
function headersOfObject(text: string): string[] | null {
  if (!text.startsWith("{")) return null;
  try {
    const pairs = Object.entries(JSON.parse(text) as object);
    if (pairs.length === 0 || pairs.some(([, value]) => typeof value !== "string")) return null;
    return pairs.map(([name, value]) => `${name}: ${escapePipes(value as string)}`);
  } catch {
    return null;
  }
}

function tidyHeader(header: string): Tidied {
  const said: string[] = [];
  let text = header.trim();
  const step = (words: string, next: string): void => {
    if (next === text) return;
    if (!said.includes(words)) said.push(words);
    text = next;
  };
  step("has an invisible character", visibleText(text).trim());
  unwrap(() => text, step, "is in quotes");

  let [name, value] = nameAndValue.exec(text)?.slice(1) ?? [];
  if (name === undefined || value === undefined || name === "") {
    const spaced = spacedName.exec(text)?.[1];
    if (spaced !== undefined && withName(text) === null) {
      const joined = spaced.replaceAll(/\s+/g, "-");
      const meant = knownName.test(joined) ? `${joined}${text.slice(spaced.length)}` : null;
      return { text: meant, name: null, said: [...said, "has a space in its name"] };
    }
    const named = withName(text);
    if (named === null) return { text: null, name: null, said: [...said, 'has no ":" between its name and its value'] };
    said.push(named.words);
    [name, value] = [named.name, named.value];
    if (named.nameless) return { text: `${name}: ${value}`, name: null, said };
  } else if (!text.startsWith(name) && said.length === 0) said.push("has its name in quotes");
  else if (text.slice(name.length).trimStart().startsWith("=>")) said.push('has "=>" where ":" belongs');
  const called = name;
  if (/^(?:bearer|basic|oauth)$/i.test(name)) {
    said.push("is no header of its own: it belongs into Authorization, before the token");
    [name, value] = ["Authorization", `${name} ${value}`];
  }

  text = value.trim();
  for (let before = ""; before !== text;) {
    before = text;
    step("says its own name twice", text.replace(ownNameBefore(name), ""));
    const other = /^(authorization|content-type|accept|x-[\w-]+)\s*:\s+(?=\S)/i.exec(text);
    if (other) {
      step(`begins with another header's name, ${other[1]}`, text.slice(other[0].length));
      name = other[1]!;
    }
    if (!quotedByRule.test(name)) unwrap(() => text, step, "has its value in quotes");
    tidyScheme(name, () => text, step);
  }
  if (/^(?:proxy-)?authorization$/i.test(name) && /^(?:bearer|basic)$/i.test(text))
    return { text: null, name: called, said: [...said, `has nothing after ${text}`] };
  return { text: `${name}: ${text}`, name: called, said };
}

type Step = (words: string, next: string) => void;

/** Quotes around it, and what a list left at its end. */
function unwrap(text: () => string, step: Step, inQuotes: string): void {
  for (let before = ""; before !== text();) {
    before = text();
    const mark = endMark(before);
    if (mark !== null) step(`ends with a ${mark}`, withoutEndMark(before));
    step(inQuotes, withoutQuotes(text()).trim());
  }
}

/** `Bearer Bearer abc`, `Bearer Authorization: Bearer abc`, `Bearer: abc`, `Bearer "abc"`, `Bearer abc def`. */
function tidyScheme(name: string, text: () => string, step: Step): void {
  const isAuthorization = /^(?:proxy-)?authorization$/i.test(name);
  const twice = new RegExp(`^(${isAuthorization ? "[A-Za-z][\\w-]*" : schemes})[\\s:]+\\1(?=[\\s:]+\\S)`, "iu");
  const inside = new RegExp(`^(${schemes})\\s+(${name.replaceAll(/[^\w-]/g, ".")}\\s*:\\s*\\S.*)$`, "isu");
  const colon = new RegExp(`^(${schemes})\\s*(?::\\s*)+(?=[^\\s:])`, "iu");
  for (let before = ""; before !== text();) {
    before = text();
    step("says its own name twice", text().replace(inside, "$2"));
    const word = twice.exec(text())?.[1];
    if (word) step(`says ${isScheme(word) ? word : "its first word"} twice`, text().replace(twice, "$1"));
    const [, parted] = colon.exec(text()) ?? [];
    if (parted) step(`has a colon after ${parted}`, text().replace(colon, "$1 "));
    if (before !== text()) return; // what is left is looked at from its beginning
  }
  if (!isAuthorization) return;
  const two = new RegExp(`^(bearer|basic|oauth|digest)\\s+(${schemes})\\s+(?=\\S)`, "iu").exec(text());
  if (two) step(`names two schemes, ${two[1]} and ${two[2]}`, text().slice(two[1]!.length).trimStart());
  const [, said, credentials] = /^(bearer|basic|token)\s+(.+)$/isu.exec(text()) ?? [];
  if (said === undefined || credentials === undefined) return;
  step("has its token in quotes", `${said} ${withoutQuotes(credentials)}`);
  if (/^basic$/i.test(said) && /^[^\s:=]+:/.test(credentials))
    step("has user and password in clear, where Basic wants them in base64", `${said} ${base64(credentials)}`);
  else if (/^(?:bearer|basic)$/i.test(said) && /\s/.test(credentials))
    step("has a space within its token", `${said} ${credentials.replaceAll(/\s+/g, "")}`);
}

/** What stands without a colon: `Authorization Bearer abc`, `Bearer abc`, `abc`. */
function withName(text: string): { name: string; value: string; words: string; nameless: boolean } | null {
  const [, first, equals, rest] = /^([\w-]+)(\s*=\s*|\s+[-–]\s+|\s+)(\S.*)$/su.exec(text) ?? [];
  if (first !== undefined && rest !== undefined && knownName.test(first) && !isScheme(first))
    return {
      name: first,
      value: rest,
      words: equals!.includes("=") ? 'has "=" where ":" belongs' : "has no colon after its name",
      nameless: false,
    };
  if (first !== undefined && isScheme(first))
    return {
      name: "Authorization",
      value: text,
      words: `has no name: ${first} and what follows belong into Authorization`,
      nameless: true,
    };
  if (/^[^\s:]+$/.test(text))
    return {
      name: "Authorization",
      value: `Bearer ${text}`,
      words: "is a token without a header's name",
      nameless: true,
    };
  return null;
}

const isScheme = (word: string): boolean => new RegExp(`^(?:${schemes})$`, "iu").test(word);
