import { setTimeout as sleep } from "node:timers/promises";
import type { LeadId } from "../../src/contracts/ids.ts";
import type { Accepted, Scene } from "./scene.ts";

export type Telling = {
  readonly accepted: Accepted;
  /** How often each HTTP status came. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Until so many more events are accepted: it works (again). */
  readonly more: (count: number) => Promise<void>;
  /** Nothing new; what was begun is told until it is accepted. */
  readonly stop: () => Promise<void>;
};

const tellers = 6;

/** The processes that a lead's sales are told to, in turn. */
type Urls = (lead: LeadId) => readonly string[];

/** Tells one sale until it is answered as stored. */
export async function tellSale(
  scene: Scene,
  urls: Urls,
  lead: LeadId,
  sale: number,
  statuses = new Map<number, number>(),
): Promise<void> {
  const call = { status: "SALE", call_id: `call-${sale}`, agent_comment: String(sale) };
  const event = { id: `sale-${sale}`, type: "call.dispositioned", lead_id: lead, call };
  for (let turn = sale; ; turn++) {
    const { results } = await post(scene, urls(lead), turn, "/v1/events", event, statuses);
    if ((results as { stored: boolean }[] | undefined)?.[0]?.stored === true) return;
    await sleep(20);
  }
}

/**
 * Tells sales and posts leads, without a pause and to any of these processes, again and again until each is answered as
 * stored. A lead's sales are told one after the other, and numbered in that order.
 */
export function startTelling(scene: Scene, urls: Urls): Telling {
  const sales = new Set<string>();
  const posted: number[] = [];
  const statuses = new Map<number, number>();
  const stopped = new AbortController();
  let number = 0;

  const teller = async (first: number): Promise<void> => {
    const own = scene.leads.filter((_, at) => at % tellers === first);
    for (let round = 0; !stopped.signal.aborted; round++) {
      const sale = ++number;
      await tellSale(scene, urls, own[round % own.length]!, sale, statuses);
      sales.add(String(sale));
    }
  };
  const poster = async (): Promise<void> => {
    for (let turn = 0; !stopped.signal.aborted; turn++) {
      const lead = { list_id: scene.listId, phone_number: "3105550199" };
      const { success, id } = await post(scene, urls(scene.leads[0]!), turn, "/v1/leads/insert", lead, statuses);
      if (success === true) posted.push(id as number);
      await sleep(20);
    }
  };
  const working = Promise.all([poster(), ...Array.from({ length: tellers }, (_, first) => teller(first))]);
  return {
    accepted: { sales, leads: posted },
    statuses,
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

async function post(
  { token }: Scene,
  all: readonly string[],
  turn: number,
  path: string,
  body: object,
  statuses: Map<number, number>,
): Promise<Record<string, unknown>> {
  try {
    const response = await fetch(`${all[turn % all.length]}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    return (await response.json()) as Record<string, unknown>;
  } catch {
    return {}; // it was just killed: nothing was promised
  }
}
