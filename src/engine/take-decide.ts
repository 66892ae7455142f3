import type { AccountScope } from "../store/account-scope.ts";
import type { Queryable } from "../store/database.ts";
import type { StoredEvent } from "../store/events.ts";
import { decideEvent } from "./decide-event.ts";

/** Decides on an event in the transaction that stored it. */
export type Decide = (tx: Queryable, scope: AccountScope, event: StoredEvent) => Promise<void>;

export const decide: Decide = decideEvent;
