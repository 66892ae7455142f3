import { secretMask, type Warning } from "../contracts/connect.ts";
import type { ProblemPlace } from "../contracts/problem.ts";
import { encodeTypedUrl } from "./encode-text.ts";
import type { FieldIndex } from "./field-index.ts";
import { fillPlaces, findPlaces, settlePlaces, unknownPlaces } from "./fill-places.ts";
import { isSecretName, type SecretSealer } from "./seal-secrets.ts";
import type { Text } from "./text.ts";
import { base64, decodings, decodeTyped, splitAt } from "./typed-text.ts";

export type SealedUrl = {
  /** Without user, password and fragment; places unfilled. */
  readonly text: Text;
  readonly shown: string;
  /** Scheme, host and port; empty when there is a problem with them. */
  readonly origin: string;
  /** The value of the Authorization header that the URL's user and password make (RFC 7617). */
  readonly authorization: Text | null;
};

const path = "api_url";

/** Rule B: http or https, an address that stands, secrets of the query and of `user:password@` taken out. */
export function sealUrl(
  typed: string,
  sealer: SecretSealer,
  fields: FieldIndex | null,
  problems: ProblemPlace[],
  warnings: Warning[],
): SealedUrl {
  const [whole, fragment] = splitAt(typed.trim(), "#");
  if (fragment !== undefined) warnings.push({ path, message: "What follows # is never sent, so it was left out" });
  checkPlaces(whole, fields, problems);
  const text = fields ? settlePlaces(whole, fields) : whole;

  const [address, query] = splitAt(text, "?");
  const { scheme, userInfo, host, rest } = cutAddress(address);
  const origin = readOrigin(whole, { scheme, userInfo, host, rest }, problems);
  if (`${host}${rest}`.includes("•"))
    problems.push({ path, message: `${secretMask} stands for a stored secret: type the real text` });

  const credentials = userInfo === null ? null : sealUserInfo(userInfo, sealer);
  const sealedQuery = query === undefined ? null : sealQuery(query, sealer, problems);
  return {
    text: [`${origin}${encodeAroundPlaces(rest)}`, ...(sealedQuery ? ["?", ...sealedQuery.text] : [])],
    shown: `${scheme}//${credentials ? `${secretMask}@` : ""}${host}${rest}${sealedQuery ? `?${sealedQuery.shown}` : ""}`,
    origin,
    authorization: credentials,
  };
}

function checkPlaces(text: string, fields: FieldIndex | null, problems: ProblemPlace[]): void {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text))
    problems.push({ path, message: "API URL has a line break or another control character. Write it in one line" });
  for (const { name, position } of fields ? unknownPlaces(text, fields) : [])
    problems.push({ path, message: `{${name}} at character ${position} is no field of this account` });
}

type Address = {
  readonly scheme: string;
  readonly userInfo: string | null;
  readonly host: string;
  /** The path. */
  readonly rest: string;
};

function cutAddress(address: string): Address {
  const [, scheme = "", authority = "", rest = ""] =
    /^([a-z][a-z0-9+.-]*:)?(?:\/\/)?([^/\\]*)(.*)$/is.exec(address) ?? [];
  const at = authority.lastIndexOf("@");
  return {
    scheme: scheme.toLowerCase(),
    userInfo: at < 1 ? null : authority.slice(0, at),
    host: authority.slice(at + 1),
    rest,
  };
}

/** The parts must mean to us what they will mean to the sender: whatever a URL parser reads otherwise is refused. */
function readOrigin(typed: string, { scheme, host, rest }: Address, problems: ProblemPlace[]): string {
  const refuse = (message: string): string => {
    problems.push({ path, message });
    return "";
  };
  if (!/^https?:\/\//i.test(typed)) return refuse("Begin the address with https:// or http://");
  if (findPlaces(host).length > 0)
    return refuse(
      "Places may stand in the path and the query, not in the host: a lead must not choose where it is sent",
    );
  if (rest.includes("\\")) return refuse("Write / instead of \\");
  if (host === "") return refuse("The address has no host. Write https://host/path");
  if (!URL.canParse(`${scheme}//${host}`)) return refuse(`"${host}" is no host name or has a port that can't be`);
  const { origin, pathname, search, username } = new URL(`${scheme}//${host}`);
  if (pathname !== "/" || search !== "" || username !== "") return refuse(`"${host}" is no host name`);
  return origin;
}

function sealUserInfo(userInfo: string, sealer: SecretSealer): Text {
  const sealed = sealer.seal({
    path,
    name: "api_url.user",
    label: "the user and password in API URL",
    text: userInfo,
    write: (typed) => base64(decodeUserInfo(typed).join(":")),
    also: (typed) => [typed, ...decodeUserInfo(typed)].filter((part) => part.length >= 6),
  });
  return ["Basic ", ...sealed.text];
}

function decodeUserInfo(typed: string): [user: string, password: string] {
  const [user, password] = splitAt(typed, ":");
  return [decodeTyped(user), decodeTyped(password ?? "")];
}

function sealQuery(query: string, sealer: SecretSealer, problems: ProblemPlace[]): { text: Text; shown: string } {
  const text: Text[number][] = [];
  const shown: string[] = [];
  query.split("&").forEach((pair, index) => {
    if (index > 0) text.push("&");
    const [name, value] = splitAt(pair, "=");
    const key = decodeTyped(name.replaceAll("+", " "));
    if (value === undefined || value === "" || !isSecretName(key)) {
      if (pair.includes("•"))
        problems.push({
          path,
          message: `${secretMask} stands for a stored secret, but "${key}" has none: type the real text`,
        });
      text.push(encodeAroundPlaces(pair));
      shown.push(pair);
      return;
    }
    const sealed = sealer.seal({
      path,
      name: `api_url.${key}`,
      label: `"${key}" in API URL`,
      text: value,
      places: true,
      write: encodeTypedUrl,
      also: decodings,
    });
    text.push(`${encodeAroundPlaces(name)}=`, ...sealed.text);
    shown.push(`${name}=${sealed.shown}`);
  });
  return { text, shown: shown.join("&") };
}

function encodeAroundPlaces(text: string): string {
  return fillPlaces(text, ({ name }) => `{${name}}`, encodeTypedUrl);
}
