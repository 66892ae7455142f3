/** A number of bytes in words: `1 MiB`, `64 KiB`, `300 bytes`. */
export function shownSize(bytes: number): string {
  if (bytes >= 1_048_576) return `${trimmed(bytes / 1_048_576)} MiB`;
  return bytes >= 1024 ? `${trimmed(bytes / 1024)} KiB` : `${bytes} bytes`;
}

/** A length of time in words: `30 s`, `14 min`, `2 h`, `8 days`. Seconds are rounded up. */
export function shownWait(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = seconds / 60;
  if (minutes < 120) return `${trimmed(minutes)} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${trimmed(hours)} h` : `${trimmed(hours / 24)} days`;
}

const trimmed = (value: number): string => String(Math.round(value * 10) / 10);
