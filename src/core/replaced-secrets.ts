type Secrets = Readonly<Record<string, string>>;

/**
 * Which of the secrets were replaced, by the setting that each stands in: `authorization_header`; of an adaptor's pair
 * `static.api_token`. One that came or went is seen in what is shown.
 */
export function replacedSecrets(before: Secrets, after: Secrets): string[] {
  const replaced = Object.keys(after).filter(
    // `name~1` is another spelling of `name`
    (name) => !/[^~]~\d+$/.test(name) && Object.hasOwn(before, name) && before[name] !== after[name],
  );
  return [...new Set(replaced.map(settingOf))];
}

function settingOf(name: string): string {
  const shown = name.replace(/#\d+$/, "").replaceAll("~~", "~");
  return shown.startsWith("static.") ? shown : shown.split(".", 1)[0]!;
}
