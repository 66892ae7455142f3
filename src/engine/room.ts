import type { RoomMin } from "../core/room-wanted.ts";
import { roomWanted } from "../core/room-wanted.ts";
import { freeSpace } from "../store/free-space.ts";
import type { Log } from "./log.ts";
import type { Outages } from "./outages.ts";
import { createTrouble } from "./trouble.ts";

/** Why nothing new is taken now. */
export class NoRoom extends Error {
  override readonly name = "NoRoom";
}

/** On the fullest of the database's disks. */
export type DiskRoom = { readonly freeBytes: number; readonly wantedBytes: number };

/** Whether there is room on disk for new work. What is owed already goes on whatever it says. */
export type Room = {
  /** In words, without a full stop; null: new work is taken. */
  readonly refusal: () => string | null;
  /** Throws NoRoom while new work is refused. */
  readonly require: () => void;
  /** As of the last look; null: the disk can't be seen from here, or nobody wants to know. */
  readonly disk: () => DiskRoom | null;
  /** Resolves after the first look. */
  readonly start: () => Promise<void>;
  readonly stop: () => void;
};

export type RoomOptions = {
  /** On the disks that the database fills; none where it is on another machine. */
  readonly folders: readonly string[];
  /** Null: not looked at. */
  readonly min: RoomMin | null;
  readonly outages: Pick<Outages, "isOn">;
  readonly log: Log;
  readonly nowMs?: () => number;
};

const lookEveryMs = 1_000;

/**
 * Looks at the free space once a second (a call of the system, some microseconds), so that asking costs nothing. Where the
 * disk can't be seen, the database's own word (SQLSTATE 53100) counts alone.
 */
export function createRoom({ folders, min, outages, log, nowMs = () => performance.now() }: RoomOptions): Room {
  let disk: DiskRoom | null = null;
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> | null = null;
  const low = createTrouble(
    {
      say: () => log.error({ ...disk }, "the disk is nearly full: nothing new is taken until there is room"),
      sayOver: (seconds) => log.info({ ...disk, seconds }, "the disk has room again"),
    },
    nowMs,
  );

  const look = async (): Promise<void> => {
    disk = await fullestDisk(folders, min);
    if (lowWords(disk) === null) low.over();
    else low.met();
  };
  // a disk that does not answer (a network's) is not asked twice at once
  const lookOnce = (): Promise<void> => (looking ??= look().finally(() => (looking = null)));

  const refusal = (): string | null =>
    lowWords(disk) ??
    (outages.isOn("full") ? "The database's disk is full, and new work is taken when there is room again" : null);

  return {
    refusal,
    require: () => {
      const words = refusal();
      if (words !== null) throw new NoRoom(words);
    },
    disk: () => disk,
    start: async () => {
      await lookOnce();
      timer = setInterval(() => void lookOnce(), lookEveryMs);
      timer.unref();
    },
    stop: () => {
      if (timer !== null) clearInterval(timer);
    },
  };
}

/** That with the least room above what is wanted; null: it can't be seen, or nobody wants to know. */
export async function fullestDisk(folders: readonly string[], min: RoomMin | null): Promise<DiskRoom | null> {
  if (min === null) return null;
  const disks = (await freeSpace(folders)).map(({ freeBytes, totalBytes }) => ({
    freeBytes,
    wantedBytes: roomWanted(min, totalBytes),
  }));
  return disks.toSorted((a, b) => a.freeBytes - a.wantedBytes - (b.freeBytes - b.wantedBytes))[0] ?? null;
}

/** Why new work is refused, without a full stop; null: there is room. */
export function lowWords(disk: DiskRoom | null): string | null {
  if (disk === null || disk.freeBytes >= disk.wantedBytes) return null;
  return `The disk is nearly full: ${inWords(disk.freeBytes)} are free, and new work is taken from ${inWords(disk.wantedBytes)} on`;
}

function inWords(bytes: number): string {
  const megabytes = bytes / 1_048_576;
  return megabytes < 10_240 ? `${Math.floor(megabytes)} MB` : `${Math.floor(megabytes / 1_024)} GB`;
}
