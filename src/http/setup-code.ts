import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * The one-time code for setting up from another machine. Made of the installation's own secret, so that every process
 * prints and takes the same one; it opens nothing once there is an account. `PB7K-…`: 12 letters and digits, 60 bits.
 */
export function setupCode(signInSecret: string): string {
  const bytes = createHmac("sha256", signInSecret).update("patchbay setup code").digest();
  const letters = Array.from(bytes.subarray(0, 12), (byte) => alphabet[byte % alphabet.length]).join("");
  return letters.replaceAll(/(.{4})(?=.)/g, "$1-");
}

/** Whether that is what was typed, however it was spaced. */
export function isSetupCode(typed: string, code: string): boolean {
  const [one, other] = [plain(typed), plain(code)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function plain(text: string): Buffer {
  return Buffer.from(text.toUpperCase().replaceAll(/[^0-9A-Z]/g, ""));
}

// 32, without those that look like others
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
