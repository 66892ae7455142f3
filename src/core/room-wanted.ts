/** Below how much free space nothing new is taken: the lesser of both where both are given. */
export type RoomMin = { readonly bytes: number | null; readonly percent: number | null };

/** The least that must be free on a disk of that size, in bytes. */
export function roomWanted({ bytes, percent }: RoomMin, totalBytes: number): number {
  return Math.min(
    bytes ?? Number.POSITIVE_INFINITY,
    percent === null ? Number.POSITIVE_INFINITY : Math.floor((totalBytes * percent) / 100),
  );
}
