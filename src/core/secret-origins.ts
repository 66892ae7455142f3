/** Of an adaptor's secret static value: the origins it may be sent to, and who typed it (`user 12`). */
export type SecretOrigin = { readonly origins: readonly string[]; readonly typed_by: string };

/** How a secret remembers who typed it. A token is somebody else than the user who has its number. */
export function typistOf({ kind, id }: { readonly kind: string; readonly id: number | null }): string {
  return id === null ? kind : `${kind} ${id}`;
}

/**
 * Why a secret may not go to `origin` by this person's hand, in words; null: it may. It goes where it was typed for, which
 * is nowhere until a connect uses its adaptor, and further by the hand of the person who typed it, who knows it anyway.
 * @param of the adaptor's name and the name of the secret's place in it: `static.api_key`, `static.api_key#2`.
 */
export function whyNotTo(
  origin: string,
  secret: SecretOrigin | undefined,
  typist: string,
  of: { readonly adaptor: string; readonly name: string },
): string | null {
  const { origins = [], typed_by } = secret ?? {};
  if (origins.includes(origin) || typed_by === typist) return null;
  const row =
    of.name
      .replace(/^static\./, "")
      .replace(/#\d+$/, "")
      .replaceAll("~~", "~") || "A static value";
  if (origins.length === 0)
    return `${row} was typed by another person and has no address yet: type it again in the adaptor`;
  return `The secret value of ${row} in ${of.adaptor} was typed for ${origins.join(", ")}. To send it to ${origin}, type it again in the adaptor`;
}
