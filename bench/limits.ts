// How long /healthz takes to answer while 50 connections send requests that are as much as the limits let pass, one kind
// at a time. The load comes from a process of its own.
import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request as ask } from "node:http";
import { flags } from "./parts/flags.ts";
import { fileURLToPath } from "node:url";
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

if (process.send === undefined) await measure();
else process.once("message", (workload: Load) => void load(workload));

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
  const loader = fork(fileURLToPath(import.meta.url));
  loader.send(workload);
  await once(loader, "message"); // its connections are under way
  const took: number[] = [];
  const agent = new Agent({ keepAlive: true });
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    const began = performance.now();
    await answerOf({ port: workload.port, path: "/healthz", agent });
    took.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  loader.send("stop");
  const [statuses] = (await once(loader, "message")) as [Record<string, number>];
  agent.destroy();
  loader.kill();
  await once(loader, "exit");
  return {
    healthz_median_ms: percentile(took, 0.5),
    healthz_p99_ms: percentile(took, 0.99),
    healthz_max_ms: rounded(Math.max(...took)),
    answers: statuses,
  };
}

async function load({ port, token, connections, request }: Load): Promise<void> {
  const statuses: Record<string, number> = {};
  const stopped = new AbortController();
  process.once("message", () => stopped.abort());
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { authorization: `Bearer ${token}`, "content-type": request.type };
  const one = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const { method, path, body } = request;
      const status = await answerOf({ port, path, method, agent, headers }, body).catch(
        (error: NodeJS.ErrnoException) => error.code ?? "",
      );
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  const all = Array.from({ length: connections }, one);
  process.send!("going");
  await Promise.all(all);
  agent.destroy();
  process.send!(statuses);
}

function answerOf(options: object, body = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = ask({ host: "127.0.0.1", ...options }, (answer) => {
      answer.resume().on("end", () => resolve(String(answer.statusCode)));
    });
    sent.on("error", reject).end(body);
  });
}
