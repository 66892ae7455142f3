import type { Database } from "./database.ts";

/**
 * Fails, with SQLSTATE 53100, while the database's disk has no room for a megabyte more. What it writes is a temporary
 * table, whose space is taken from the disk at once and given back at the end.
 */
export async function tryRoom(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    // rows below the size from which they would be compressed
    await tx.query(
      "create temporary table patchbay_room on commit drop as select repeat(md5(n::text), 60) from generate_series(1, 512) n",
    );
  });
}
