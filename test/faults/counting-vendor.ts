import { setTimeout as sleep } from "node:timers/promises";
import { startReceiver, type Receiver, type Reply } from "../receiver.ts";

/** A vendor that counts what it gets: by `webhook-id`, and by the sale in the body, which is one event. */
export type CountingVendor = AsyncDisposable & {
  readonly allow: string;
  readonly url: (path: string) => string;
  /** How often each delivery came. */
  readonly times: ReadonlyMap<string, number>;
  /** The ids under which each sale came. */
  readonly idsOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** Sales as they came first, by their lead. */
  readonly order: ReadonlyMap<string, readonly string[]>;
  readonly received: Receiver["received"];
  /** To a sale, from now on; default: 200 after up to 30 ms. */
  answer: (sale: number) => Reply | Promise<Reply>;
};

export async function startCountingVendor(random: () => number): Promise<CountingVendor> {
  const times = new Map<string, number>();
  const idsOf = new Map<string, Set<string>>();
  const order = new Map<string, string[]>();
  const receiver = await startReceiver(async ({ headers, text }) => {
    const id = headers["webhook-id"] ?? "";
    const { sale, lead } = JSON.parse(text) as { sale: string; lead: string };
    times.set(id, (times.get(id) ?? 0) + 1);
    if (!idsOf.has(sale)) order.set(lead, [...(order.get(lead) ?? []), sale]);
    idsOf.set(sale, (idsOf.get(sale) ?? new Set()).add(id));
    return vendor.answer(Number(sale));
  });
  const vendor: CountingVendor = {
    allow: receiver.allow,
    url: (path) => receiver.url(path),
    times,
    idsOf,
    order,
    received: (count) => receiver.received(count),
    answer: async () => {
      await sleep(random() * 30);
      return 200;
    },
    [Symbol.asyncDispose]: () => receiver.close(),
  };
  return vendor;
}
