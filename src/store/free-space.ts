import { statfs } from "node:fs/promises";

export type DiskSpace = { readonly freeBytes: number; readonly totalBytes: number };

/** What is free on the disks of these folders to whom they belong (root's reserve left out); a disk that can't tell is left out. */
export async function freeSpace(folders: readonly string[]): Promise<DiskSpace[]> {
  const found = await Promise.allSettled(folders.map((folder) => statfs(folder)));
  return found.flatMap((one) => {
    if (one.status === "rejected" || one.value.blocks === 0) return [];
    const { bavail, blocks, bsize } = one.value;
    return [{ freeBytes: bavail * bsize, totalBytes: blocks * bsize }];
  });
}
