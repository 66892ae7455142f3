import { setTimeout as sleep } from "node:timers/promises";
import type { Scene } from "./scene.ts";

/** What was answered as stored, and so is promised. */
export type Accepted = {
  readonly sales: ReadonlySet<string>;
  readonly leads: readonly number[];
};

export type Telling = {
  readonly accepted: Accepted;
  /** Until so many more events are accepted: it works (again). */
  readonly more: (count: number) => Promise<void>;
  /** Nothing new; what was begun is told until it is accepted. */
  readonly stop: () => Promise<void>;
};

const tellers = 6;

/**
 * Tells sales and posts leads, without a pause and to any of these processes, again and again until each is answered as
 * stored. A lead's sales are told one after the other, and numbered in that order.
 */
export function startTelling({ token, leads, listId }: Scene, urls: () => readonly string[]): Telling {
  const sales = new Set<string>();
  const posted: number[] = [];
  const stopped = new AbortController();
  let number = 0;
  let turn = 0;

  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const all = urls();
    try {
      const response = await fetch(`${all[turn++ % all.length]}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(15_000),
      });
      return (await response.json()) as Record<string, unknown>;
    } catch {
      return {}; // it was just killed: nothing was promised
    }
  };

  const tellSale = async (lead: number): Promise<void> => {
    const sale = String(++number);
    const call = { status: "SALE", call_id: `call-${sale}`, agent_comment: sale };
    const event = { id: `sale-${sale}`, type: "call.dispositioned", lead_id: lead, call };
    for (;;) {
      const { results } = (await post("/v1/events", event)) as { results?: { stored: boolean }[] };
      if (results?.[0]?.stored === true) {
        sales.add(sale);
        return;
      }
      await sleep(20);
    }
  };

  const teller = async (first: number): Promise<void> => {
    const own = leads.filter((_, at) => at % tellers === first);
    for (let round = 0; !stopped.signal.aborted; round++) await tellSale(own[round % own.length]!);
  };
  const poster = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const { success, id } = await post("/v1/leads/insert", { list_id: listId, phone_number: "3105550199" });
      if (success === true) posted.push(id as number);
      await sleep(20);
    }
  };
  const working = Promise.all([poster(), ...Array.from({ length: tellers }, (_, first) => teller(first))]);
  return {
    accepted: { sales, leads: posted },
    more: async (count) => {
      const before = sales.size;
      while (sales.size < before + count) await sleep(20);
    },
    stop: async () => {
      stopped.abort();
      await working;
    },
  };
}
