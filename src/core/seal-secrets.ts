import { secretMask } from "../contracts/connect.ts";
import type { ProblemPlace } from "../contracts/problem.ts";
import { findPlaces } from "./fill-places.ts";
import type { Text } from "./text.ts";

/** Takes secrets out of typed texts and gives each a name, so that the mask typed back finds what is stored. */
export type SecretSealer = {
  /**
   * A text of which all is secret, but its `{lead.…}` places where `places` says so.
   * @param name of the secret; a second one of the same name becomes `name#2`.
   * @param also other spellings of the secret that logs must not show either, such as its decoded form.
   */
  readonly seal: (options: {
    path: string;
    name: string;
    /** How problems call it: "api_key". */
    label: string;
    text: string;
    places?: boolean;
    write?: (literal: string) => string;
    also?: (literal: string) => readonly string[];
  }) => { text: Text; shown: string };
  /** Paths where the mask was typed and something stored was kept. */
  readonly kept: () => readonly { path: string; label: string }[];
  readonly secrets: () => Record<string, string>;
};

/** What is stored already, by the names of the places. */
export type StoredSecrets = {
  readonly secrets: Readonly<Record<string, string>>;
  /** Of what is stored besides, but can't be kept here: why, in words. */
  readonly withheld?: Readonly<Record<string, string>>;
  /** Told the name of each secret that is kept because its mask was typed. */
  readonly onKept?: (name: string) => void;
};

export function createSecretSealer(stored: StoredSecrets | null, problems: ProblemPlace[]): SecretSealer {
  const previous = stored?.secrets;
  const secrets: Record<string, string> = {};
  const taken = new Set<string>();
  const kept: { path: string; label: string }[] = [];

  // `name~1` is another spelling of the secret `name`, so a ~ of the name itself is doubled.
  const freeName = (base: string): string => {
    const first = base.replaceAll("~", "~~");
    let name = first;
    for (let n = 2; taken.has(name); n++) name = `${first}#${n}`;
    taken.add(name);
    return name;
  };

  const keep = (name: string): boolean => {
    if (!previous || !Object.hasOwn(previous, name)) return false;
    for (const [key, value] of Object.entries(previous))
      if (key === name || (key.startsWith(name) && /^~\d+$/.test(key.slice(name.length)))) secrets[key] = value;
    stored?.onKept?.(name);
    return true;
  };

  return {
    seal({ path, name: base, label, text, places = false, write = (literal) => literal, also = () => [] }) {
      const sealed: Text[number][] = [];
      let shown = "";
      for (const piece of places ? cutAtPlaces(text) : [{ text, place: false }]) {
        if (piece.place || piece.text === "") {
          sealed.push(piece.text);
          shown += piece.text;
          continue;
        }
        const name = freeName(base);
        if (piece.text === secretMask) {
          if (keep(name)) kept.push({ path, label });
          else
            problems.push({
              path,
              message: stored?.withheld?.[name] ?? `Nothing is stored for ${label}: type the secret again`,
            });
        } else if (piece.text.includes("•")) {
          problems.push({ path, message: `${label} mixes new text with •••: type the whole secret again` });
        } else {
          secrets[name] = write(piece.text);
          also(piece.text).forEach((value, n) => {
            if (value !== "" && value !== secrets[name]) secrets[`${name}~${n + 1}`] = value;
          });
        }
        sealed.push({ secret: name, encode: "as_is" });
        shown += secretMask;
      }
      return { text: sealed, shown };
    },
    kept: () => kept,
    secrets: () => secrets,
  };
}

/** The text's places and what stands between them. */
function cutAtPlaces(text: string): { text: string; place: boolean }[] {
  const pieces: { text: string; place: boolean }[] = [];
  let from = 0;
  for (const { start, end } of findPlaces(text)) {
    if (start > from) pieces.push({ text: text.slice(from, start), place: false });
    pieces.push({ text: text.slice(start, end), place: true });
    from = end;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), place: false });
  return pieces;
}

// Not: keyword, keyboard, monkey, turkey, passenger, passive, compass, bypass.
const secretName =
  /token|secret|credential|pwd|(?<!com|by|sur|tres)pass(?!enger|ive|ion|age)|(?<!mon|tur|don|hoc|joc)key(?!word|board|stone|note)/i;

/** Named like token, key, pass or secret: spec 9 takes the value for a secret unless told otherwise. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}
