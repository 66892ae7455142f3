import type { Warning } from "../contracts/connect.ts";
import { questionAuthentication } from "../contracts/question-authentication.ts";
import type { ProblemPlace } from "../contracts/problem.ts";
import { encodeTypedUrl } from "./encode-text.ts";
import type { SecretSealer } from "./seal-secrets.ts";
import { decodings, splitAt } from "./typed-text.ts";
import type { Text } from "./text.ts";

const path = "api_authentication";

/** Rule C: query form, leading `?` and `&` dropped; every value is secret, names are shown. */
export function sealAuthentication(
  typed: string,
  sealer: SecretSealer,
  problems: ProblemPlace[],
  warnings: Warning[],
): { text: Text; shown: string } {
  const query = typed.trim().replace(/^[?&]+/, "");
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(query))
    problems.push({
      path,
      message:
        "Api Authentication has a line break or another control character. Write name=value, and part pairs with &",
    });
  for (const message of questionAuthentication(typed).questions) warnings.push({ path, message });
  const text: Text[number][] = [];
  const shown: string[] = [];
  for (const pair of query.split("&").filter((part) => part !== "")) {
    const [before, after] = splitAt(pair, "=");
    const name = after === undefined ? "" : before;
    if (after === undefined)
      warnings.push({ path, message: "A token without a name: vendors usually want name=token" });
    const sealed = sealer.seal({
      path,
      name: `api_authentication.${name}`,
      label: name === "" ? "Api Authentication" : `"${name}" in Api Authentication`,
      text: after ?? before,
      write: encodeTypedUrl,
      also: decodings,
    });
    const written = after === undefined ? "" : `${encodeTypedUrl(name)}=`;
    text.push(`${text.length > 0 ? "&" : ""}${written}`, ...sealed.text);
    shown.push(`${after === undefined ? "" : `${name}=`}${sealed.shown}`);
  }
  return { text, shown: shown.join("&") };
}
