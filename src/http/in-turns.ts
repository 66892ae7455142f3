import { setImmediate as nextTurn } from "node:timers/promises";

const turnMs = 10;

/** To be awaited between pieces of work that together take long: others have their turn when this one has had its own. */
export function turnsForOthers(): () => Promise<void> {
  let endsAt = performance.now() + turnMs;
  return async () => {
    if (performance.now() < endsAt) return;
    await nextTurn();
    endsAt = performance.now() + turnMs;
  };
}

/** Maps items one after the other, in turns: to mask a thousand rows takes longer than anybody else should wait. */
export async function inTurns<Item, Mapped>(items: readonly Item[], map: (item: Item) => Mapped): Promise<Mapped[]> {
  const turn = turnsForOthers();
  const mapped: Mapped[] = [];
  for (const item of items) {
    await turn();
    mapped.push(map(item));
  }
  return mapped;
}
