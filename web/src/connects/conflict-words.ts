import { secretMask, type ConnectSettings } from "../../../src/contracts/connect.ts";
import { splitAtPipes } from "../../../src/contracts/question-headers.ts";
import type { SaveConflict } from "../../../src/contracts/problem.ts";
import { settingWords, type SettingName } from "../ui/setting-names.ts";
import type { PlaceWords } from "../ui/conflict.tsx";
import { replacedBy } from "../ui/use-conflict.ts";
import { valueText } from "../ui/value-words.ts";

/** A connect's settings as two people's changes of them are told. What was typed of secrets is masked, as theirs is. */
export function connectPlaceWords(
  saved: SaveConflict["saved"],
  adaptorName: (id: number) => string | undefined,
): PlaceWords {
  const replaced = replacedBy(saved);
  return {
    name: ({ key }) => settingWords(key as SettingName),
    show: (value, { key }) =>
      (key === "adaptor_id" && typeof value === "number" && adaptorName(value)) ||
      showSetting(key as SettingName, value),
    settled: ({ key, changed }) => changed === "theirs" && replaced.has(key),
  };
}

function showSetting(setting: SettingName, value: unknown): string {
  if (typeof value !== "string") return valueText(value);
  if (setting === "authorization_header") return splitAtPipes(value).map(maskHeader).join("\n") || "–";
  if (setting === "api_authentication")
    return (
      value.replaceAll(/(^|&)([^=&]*=)?[^&]+/g, (_, before: string, name = "") => `${before}${name}${secretMask}`) ||
      "–"
    );
  if (setting === "api_url") return maskUrl(value);
  return valueText(value);
}

/** Content-Type and Accept are never secret. */
function maskHeader(header: string): string {
  if (/^(?:content-type|accept)\s*:/i.test(header)) return header;
  const [name, value] = header.split(":", 2);
  return value === undefined ? secretMask : `${name}: ${secretMask}`;
}

function maskUrl(url: ConnectSettings["api_url"]): string {
  return url
    .replace(/\/\/[^/?#@]+@/, `//${secretMask}@`)
    .replaceAll(/([?&][^=&#]*(?:key|token|secret|credential|pass|pwd)[^=&#]*=)[^&#]+/gi, `$1${secretMask}`);
}
