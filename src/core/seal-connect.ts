import type { ConnectSettings, Warning } from "../contracts/connect.ts";
import type { CustomField } from "../contracts/fields.ts";
import type { ProblemPlace } from "../contracts/problem.ts";
import { fieldIndex } from "./field-index.ts";
import { findPlaces } from "./fill-places.ts";
import type { ConnectTexts } from "./request.ts";
import { sealAuthentication } from "./seal-authentication.ts";
import { sealHeaders } from "./seal-headers.ts";
import { createSecretSealer } from "./seal-secrets.ts";
import { sealUrl } from "./seal-url.ts";
import { hasSecrets, maskText, type Text } from "./text.ts";
import { warnOfSending } from "./warn-of-sending.ts";

export type SealedConnect =
  | {
      readonly ok: true;
      readonly texts: ConnectTexts;
      /** The settings as everybody may see them. Given back unchanged, they seal to the same texts and secrets. */
      readonly shown: ConnectSettings;
      /** By name; some names stand in no text and are other spellings that logs must mask too. */
      readonly secrets: Readonly<Record<string, string>>;
      /** Scheme, host and port: the only place the secrets may go. */
      readonly origin: string;
      readonly warnings: readonly Warning[];
    }
  | { readonly ok: false; readonly problems: readonly ProblemPlace[] };

/**
 * Takes a connect's settings apart once, at saving (spec 3, A–J): texts with named secrets in place of the secrets.
 * @param previous what is stored: a mask typed back keeps the secret of that place, unless the address changed.
 *   `origin` null: whatever the address, for a preview, which sends nothing.
 * @param customFields of the account; without them, places in API URL are taken as they are.
 */
export function sealConnect(
  settings: ConnectSettings,
  previous: { readonly secrets: Readonly<Record<string, string>>; readonly origin: string | null } | null,
  customFields?: readonly CustomField[],
): SealedConnect {
  const problems: ProblemPlace[] = [];
  const warnings: Warning[] = [];
  const sealer = createSecretSealer(previous, problems);
  const fields = customFields ? fieldIndex(customFields) : null;

  const url = sealUrl(settings.api_url, sealer, fields, problems, warnings);
  const authentication = sealAuthentication(settings.api_authentication, sealer, problems, warnings);
  const typed = sealHeaders(settings.authorization_header, sealer, problems, warnings);

  for (const path of ["api_authentication", "authorization_header"] as const)
    if (findPlaces(settings[path]).length > 0)
      warnings.push({
        path,
        message: "Places such as {lead.first_name} are filled in API URL only; here they go out as text",
      });
  warnOfContentType(settings, typed.headers, warnings);
  warnings.push(...warnOfSending(settings));

  const needsAdaptor = ["POST", "PUT", "PATCH"].includes(settings.request_method);
  if (needsAdaptor && settings.adaptor_id === null)
    problems.push({
      path: "adaptor_id",
      message: `Choose an adaptor: it says which fields a ${settings.request_method} sends`,
    });

  if (previous && previous.origin !== null && url.origin !== "" && previous.origin !== url.origin)
    for (const { path, label } of sealer.kept())
      problems.push({ path, message: `The address changed, so type this secret again: ${label}` });

  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    texts: {
      url: url.text,
      authentication: authentication.text,
      headers: withCredentials(typed.headers, url.authorization, warnings),
    },
    shown: {
      ...settings,
      api_url: url.shown,
      api_authentication: authentication.shown,
      authorization_header: typed.shown,
    },
    secrets: sealer.secrets(),
    origin: url.origin,
    warnings,
  };
}

/** `user:password@` of the URL becomes a header, as every HTTP client does it; one typed in D wins. */
function withCredentials(
  headers: ConnectTexts["headers"],
  authorization: Text | null,
  warnings: Warning[],
): ConnectTexts["headers"] {
  if (!authorization || !hasSecrets(authorization)) return headers;
  if (headers.some(({ name }) => name.toLowerCase() === "authorization")) {
    warnings.push({
      path: "api_url",
      message:
        "Authorization Header (D) has an Authorization of its own, so the user and password of the URL are not sent",
    });
    return headers;
  }
  return [...headers, { name: "Authorization", value: authorization }];
}

function warnOfContentType(settings: ConnectSettings, headers: ConnectTexts["headers"], warnings: Warning[]): void {
  if (!["POST", "PUT", "PATCH"].includes(settings.request_method)) return;
  const header = headers.find(({ name }) => name.toLowerCase() === "content-type");
  const type = maskText(header?.value ?? []).toLowerCase();
  const isForm = type.includes("x-www-form-urlencoded");
  const isJson = type.includes("json");
  if ((settings.post_data_type === "JSON" && isForm) || (settings.post_data_type === "RAW" && isJson))
    warnings.push({
      path: "post_data_type",
      message: `The header says ${isJson ? "JSON" : "a form"}, but Post Data Type is ${settings.post_data_type}. Set both alike`,
    });
}
