// The load, as a process of its own: `in_flight` requests at any time, each with the next number's body, as long as no
// more than `owed_max` events that were answered have not reached the vendor. Told what to do by messages.
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { openLoad, type Load, type Target } from "./http-load.ts";

export type LoadOrder = {
  /** Each gets an equal share of the requests. */
  readonly targets: readonly Target[];
  readonly inFlight: number;
  readonly owedMax: number;
  readonly sinkPort: number;
  /** `@number` in it is the request's, `@lead` one of `leads`, in turn. */
  readonly body: string;
  readonly leads: readonly number[];
};
export type LoadMessage = { readonly do: "start"; readonly order: LoadOrder } | { readonly do: "stop" };
export type LoadReport = { readonly sent: number; readonly refused: Readonly<Record<string, number>> };

let stopping = new AbortController();
let running: Promise<LoadReport> | null = null;

process.on("message", (message: LoadMessage) => {
  if (message.do === "start") {
    stopping = new AbortController();
    running = load(message.order, stopping.signal);
  } else {
    stopping.abort();
    void running?.then((report) => process.send?.(report));
  }
});
process.on("disconnect", () => process.exit(0));

async function load(order: LoadOrder, stopped: AbortSignal): Promise<LoadReport> {
  const { targets, inFlight, owedMax, sinkPort, body, leads } = order;
  const share = Math.ceil(inFlight / targets.length);
  const loads = targets.map((target) => openLoad(target, share));
  const pieces = body.split(/(@lead|@number)/);
  const before = await count(sinkPort);
  let number = 0;
  let sent = 0;
  let arrived = 0;
  const refused: Record<string, number> = {};
  const bodyOf = (n: number): string =>
    pieces.map((piece) => (piece === "@lead" ? leads[n % leads.length] : piece === "@number" ? n : piece)).join("");
  const watch = async (): Promise<void> => {
    while (!stopped.aborted) {
      arrived = (await count(sinkPort)) - before;
      await sleep(20);
    }
  };
  const sender = async ({ post }: Load): Promise<void> => {
    while (!stopped.aborted) {
      if (sent - arrived > owedMax) {
        await sleep(5);
        continue;
      }
      const status = await post(bodyOf(number++));
      if (status === 202) sent++;
      else refused[status] = (refused[status] ?? 0) + 1;
    }
  };
  const senders = loads.flatMap((one) => Array.from({ length: share }, () => sender(one)));
  await Promise.all([watch(), ...senders]);
  for (const { close } of loads) close();
  return { sent, refused };
}

function count(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ port, host: "127.0.0.1", path: "/count" }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      response.on("end", () => resolve(Number(text)));
    }).on("error", reject);
  });
}
