import { openStore, type Store } from "../store/open-store.ts";
import type { CommandIo } from "./command.ts";

/**
 * Runs a command's work on the store, beside a running server or without one: then the embedded database is brought up
 * for it, and stopped afterwards.
 */
export async function withStore<T>(io: CommandIo, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ ...io.config, connectionsMax: 4, say: io.note });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
