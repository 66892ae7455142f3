// How long /healthz takes to answer while 50 connections send requests that are as much as the limits let pass, one kind
// at a time. The load comes from a thread of its own.
import { once } from "node:events";
import { Agent, request as ask } from "node:http";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { flags } from "./parts/flags.ts";
import { limitCases, type LimitCase } from "./parts/limit-cases.ts";
import { openPatchbay } from "./parts/patchbay-side.ts";
import { percentile, record, rounded } from "./parts/record.ts";
import { withStage } from "./parts/stage.ts";

type Load = {
  readonly port: number;
  readonly token: string;
  readonly connections: number;
  readonly request: LimitCase;
};

const bar = 200;

if (isMainThread) await measure();
else await load(workerData as Load);

async function measure(): Promise<void> {
  const options = flags({ seconds: 10, connections: 50, kinds: "" });
  await withStage(async (stage) => {
    await using patchbay = await openPatchbay(stage, "patchbay", { concurrency: 32, leads: 200 });
    const { port } = patchbay.targets[0]!;
    const { secret } = patchbay.account;
    const kinds = limitCases(secret, patchbay.account.leads.short, patchbay.adaptorId);
    const results: Record<string, object> = {};
    for (const [kind, request] of Object.entries(kinds)) {
      if (options.kinds !== "" && !options.kinds.split(",").includes(kind)) continue;
      results[kind] = await measureKind(options.seconds, {
        port,
        token: secret,
        connections: options.connections,
        request,
      });
      console.log(kind, results[kind]);
    }
    record("limits", {
      load: `${options.connections} connections, each with the next request as soon as it has its answer`,
      seconds_per_kind: options.seconds,
      bar: { healthz_max_ms: bar },
      kinds: results,
    });
    if (Object.values(results).some((one) => (one as { healthz_max_ms: number }).healthz_max_ms > bar))
      process.exitCode = 1;
  });
}

async function measureKind(seconds: number, workload: Load): Promise<object> {
  const worker = new Worker(new URL(import.meta.url), { workerData: workload });
  await once(worker, "message"); // its connections are under way
  const took: number[] = [];
  const agent = new Agent({ keepAlive: true });
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    const began = performance.now();
    await answerOf({ port: workload.port, path: "/healthz", agent });
    took.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  worker.postMessage("stop");
  const [statuses] = (await once(worker, "message")) as [Record<string, number>];
  agent.destroy();
  await once(worker, "exit");
  return {
    healthz_median_ms: percentile(took, 0.5),
    healthz_p99_ms: percentile(took, 0.99),
    healthz_max_ms: rounded(Math.max(...took)),
    answers: statuses,
  };
}

async function load({ port, token, connections, request }: Load): Promise<void> {
  const statuses: Record<string, number> = {};
  let going = true;
  parentPort!.once("message", () => (going = false));
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { authorization: `Bearer ${token}`, "content-type": request.type };
  const one = async (): Promise<void> => {
    while (going) {
      const { method, path, body } = request;
      const status = await answerOf({ port, path, method, agent, headers }, body).catch(
        (error: NodeJS.ErrnoException) => error.code ?? "",
      );
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  const all = Array.from({ length: connections }, one);
  parentPort!.postMessage("going");
  await Promise.all(all);
  agent.destroy();
  parentPort!.postMessage(statuses);
}

function answerOf(options: object, body = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = ask({ host: "127.0.0.1", ...options }, (answer) => {
      answer.resume().on("end", () => resolve(String(answer.statusCode)));
    });
    sent.on("error", reject).end(body);
  });
}
