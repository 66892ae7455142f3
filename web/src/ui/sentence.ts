/** A server's words as a sentence: a capital first, a full stop last. */
export function sentence(words: string): string {
  const text = words.trim();
  if (text === "") return "";
  return text[0]!.toUpperCase() + text.slice(1) + (/[.!?…:]$/.test(text) ? "" : ".");
}
