import { durationMs } from "../api.ts";
import { showDuration } from "../ui/time.tsx";

const valid = /^(?=\d)(\d{1,6}d)?(\d{1,6}h)?(\d{1,6}m)?(\d{1,8}s)?$/;

/** `8d` as `8 days`; what is no length of time yet, as it stands. */
export function shownDuration(text: string): string {
  if (!valid.test(text)) return text;
  const ms = durationMs(text);
  // seconds that a person wrote are whole ones
  return ms < 60_000 ? `${ms / 1000} s` : showDuration(ms);
}
