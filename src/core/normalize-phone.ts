import { parsePhoneNumberFromString, type PhoneNumber } from "libphonenumber-js/max";

export type NormalizedPhone =
  | { readonly ok: true; readonly phone_number: string; readonly phone_code: string; readonly warning?: string }
  | { readonly ok: false };

/**
 * Spec 5.1, Phones: national digits, and the country code by itself.
 * @param phoneCode the country's calling code, default 1; a number that begins with + names its own.
 * @returns not ok when it can't be a phone number; a warning when the numbering plan doesn't know it (new area codes
 *   are given out before any library learns of them).
 */
export function normalizePhone(input: string, phoneCode?: string): NormalizedPhone {
  const phone = readPhone(input, phoneCode);
  if (!phone?.isPossible()) return { ok: false };
  const normalized = { ok: true, phone_number: phone.nationalNumber, phone_code: phone.countryCallingCode } as const;
  if (phone.isValid()) return normalized;
  return { ...normalized, warning: "No numbering plan known here has this number. Check it for typing mistakes" };
}

/** The library's view of a phone as stored or typed; null when it is none. Never throws. */
export function readPhone(input: string, phoneCode?: string): PhoneNumber | null {
  const code = (phoneCode ?? "").replace(/\D/g, "").replace(/^0+/, "") || "1";
  try {
    return parsePhoneNumberFromString(input.trim(), { defaultCallingCode: code, extract: false }) ?? null;
  } catch {
    return null; // an unassigned country code throws
  }
}
