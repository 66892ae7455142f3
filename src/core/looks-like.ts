/** What a text seems to be, whatever it was declared to be. */
export type Looks = "sign_in_page" | "web_page" | "xml" | "json" | "text" | "bytes";

/** Judged by how the text begins (and, for a page, whether it asks for a password); in time proportional to its length. */
export function looksLike(text: string): Looks {
  const opening = text.slice(0, 2000).trimStart();
  if (isHtml(opening)) return /password|passwort|log ?-?in\b|sign ?-?in\b/i.test(text) ? "sign_in_page" : "web_page";
  if (/^<(?:\?xml|!DOCTYPE|!--|[\p{L}_])/u.test(opening)) return "xml";
  if (/^[{[]/.test(opening)) return "json";
  // oxlint-disable-next-line no-control-regex -- control characters are what tells bytes from text
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(opening) ? "bytes" : "text";
}

/** A page, not a vendor's XML whose root merely bears an HTML name (`<title>`, `<form>`). */
function isHtml(opening: string): boolean {
  return /^(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)?<(?:!doctype\s+html|html|head|body|script|div|meta|center)\b/i.test(
    opening,
  );
}
