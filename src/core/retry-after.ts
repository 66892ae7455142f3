const dayMs = 86_400_000;

/**
 * The wait a `Retry-After` header asks for (RFC 9110, section 10.2.3: seconds or an HTTP-date), in milliseconds, at most
 * 24 h (spec 7). null: there is none, it can't be read, or its time has come already.
 */
export function retryAfterMs(value: string | null, now: Date): number | null {
  const text = value?.trim() ?? "";
  const wait = /^\d{1,12}$/.test(text) ? Number(text) * 1000 : httpDateMs(text) - now.getTime();
  return wait > 0 ? Math.min(wait, dayMs) : null;
}

/** NaN unless it begins with a weekday, as all three forms of an HTTP-date do: Date.parse alone takes far more. */
const httpDateMs = (text: string): number =>
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text)
    ? Date.parse(/GMT$|UTC$|[+-]\d{4}$/.test(text) ? text : `${text} GMT`)
    : Number.NaN;
