/** Hides secrets in a text that is about to be stored or shown. `cut`: what follows the text's end is not known. */
export type Mask = (text: string, options?: { readonly cut?: boolean }) => string;

/** Of a secret that the end of a text cuts in two, at least so many characters are needed to know it, however it is encoded. */
const secretsKnownBy = 1_000;

/**
 * The beginning of a masked text, longer than `charactersMax` where the text is: for whoever shows only so much of what may
 * be long. No secret is cut in two, and only as much is masked as it takes.
 * @param cut what follows the text's own end is not known.
 */
export function maskOpening(text: string, mask: Mask, charactersMax: number, cut = false): string {
  for (let length = charactersMax + 4 * secretsKnownBy; length < text.length; length *= 4) {
    const opening = mask(text.slice(0, length), { cut: true });
    if (opening.length > charactersMax + secretsKnownBy) return opening;
  }
  return mask(text, { cut });
}
