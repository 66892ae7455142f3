import { durationMs } from "../api.ts";
import { showDuration } from "../ui/time.tsx";

const valid = /^(?=\d)(\d{1,6}d)?(\d{1,6}h)?(\d{1,6}m)?(\d{1,8}s)?$/;

/** `8d` as `8 days`; what is no length of time yet, as it stands. */
export function shownDuration(text: string): string {
  if (!valid.test(text)) return text;
  const ms = durationMs(text);
  // as it was written: whole seconds, and 60s is not 1 min to whom it is "real time"
  return ms < 120_000 && /^\d+s$/.test(text) ? `${ms / 1000} s` : showDuration(ms);
}
