import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { openStore } from "../../src/store/open-store.ts";
import { insertToken } from "../../src/store/tokens.ts";
import { makeAccount } from "../engine/fixtures.ts";
import { runPatchbay, startPatchbay, type RunningPatchbay } from "../patchbay-process.ts";
import { serverPid, temporaryFolder } from "./places.ts";

const folder = temporaryFolder();
const secretKey = new Uint8Array(32).fill(7);
const inFolder = (name: string, more: Readonly<Record<string, string>> = {}) => ({
  environment: {
    PATCHBAY_DATA: join(folder, name),
    PATCHBAY_SECRET_KEY: Buffer.from(secretKey).toString("base64"),
    ...more,
  },
});

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await sleep(20);
};
const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  );
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const crashesSaid = ({ printed }: RunningPatchbay): string[] => printed().match(/^Patchbay ended .*$/gm) ?? [];

/** Crashes the server, and waits until another answers in its place. */
async function crash(patchbay: RunningPatchbay, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  const { pid } = patchbay;
  const said = crashesSaid(patchbay).length;
  process.kill(pid, signal);
  await until(() => crashesSaid(patchbay).length > said);
  await until(() => answers(patchbay.url));
  expect(patchbay.pid).not.toBe(pid);
}

test("the server killed again and again while leads come: the same address answers, all that was accepted is there, and the database ran on", async () => {
  const data = join(folder, "killed");
  const { token, listId } = await (async () => {
    const store = await openStore({ databaseUrl: null, dataFolder: data, secretKey, say: () => {} });
    const account = await makeAccount(store.database, "Acme Calls");
    const access = { name: "t", access: ["leads"], ratePerSecond: null, expiresAt: null };
    const { secret } = await insertToken(account.scope, access);
    await store.close();
    return { token: secret, listId: account.listId };
  })();
  const patchbay = await startPatchbay(inFolder("killed"));
  const postmaster = serverPid(data);
  const stopped = new AbortController();
  const accepted: number[] = [];
  const posting = (async () => {
    for (let n = 0; !stopped.signal.aborted; n++) {
      const body = new URLSearchParams({ auth_token: token, list_id: String(listId), phone_number: "3105550142" });
      try {
        const answer = await fetch(`${patchbay.url}/v1/leads/insert`, { method: "POST", body });
        accepted.push(((await answer.json()) as { id: number }).id);
      } catch {
        await sleep(20); // it was just killed: nothing was promised
      }
    }
  })();
  for (let kill = 0; kill < 3; kill++) {
    const before = accepted.length;
    await until(() => accepted.length > before + 5);
    await crash(patchbay);
  }
  const before = accepted.length;
  await until(() => accepted.length > before + 5);
  stopped.abort();
  await posting;
  expect(serverPid(data)).toBe(postmaster);
  expect(crashesSaid(patchbay)).toEqual([
    expect.stringMatching(/^Patchbay ended with signal SIGKILL \(.*\); starting again at once\.$/),
    expect.stringMatching(/^Patchbay ended with signal SIGKILL \(.*\); starting again in 1 s\.$/),
    expect.stringMatching(/^Patchbay ended with signal SIGKILL \(.*\); starting again in 2 s\.$/),
  ]);
  expect(await patchbay.end()).toEqual({ code: 0, signal: null });
  expect(existsSync(join(data, "postgres/cluster/postmaster.pid"))).toBe(false);

  const store = await openStore({ databaseUrl: null, dataFolder: data, secretKey, say: () => {} });
  const { rows } = await store.database.query("select id from leads where id = any ($1)", [accepted]);
  await store.close();
  expect(rows).toHaveLength(accepted.length);
});

const breaking = (way: string) => ({
  BREAK: way,
  NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, "break-on-demand.js")).href}`,
});

describe("a server that breaks by itself is started again, and it is said why:", () => {
  test.each([["throw"], ["reject"]])("an exception that reaches nobody (%s)", async (way) => {
    await using patchbay = await startPatchbay(inFolder(way, breaking(way)));
    await crash(patchbay, "SIGUSR2");
    const lines = patchbay.printed().split("\n").filter((line) => line.includes("broken on demand")); // prettier-ignore
    expect(lines).toEqual([expect.stringContaining("Patchbay ends by a fault of its own")]);
    expect(crashesSaid(patchbay)).toEqual([
      "Patchbay ended with exit code 70 (a fault of its own; the line above tells); starting again at once.",
    ]);
  });

  test("no memory left for its heap", async () => {
    const { NODE_OPTIONS, ...more } = breaking("memory");
    const options = `${NODE_OPTIONS} --max-old-space-size=200`;
    await using patchbay = await startPatchbay(inFolder("memory", { ...more, NODE_OPTIONS: options }));
    await crash(patchbay, "SIGUSR2");
    expect(crashesSaid(patchbay)).toEqual([
      expect.stringMatching(/^Patchbay ended with (signal SIGABRT|exit code 134) \(most often out of memory; /),
    ]);
  });
});

test("a start that is refused is not tried again", async () => {
  await using other = createServer().listen(0, "127.0.0.1");
  await until(() => other.listening);
  const { port } = other.address() as AddressInfo;
  const refused = await runPatchbay(["start"], inFolder("refused", { PORT: String(port) }));
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`) });
  expect(refused.err).not.toContain("starting again");
  expect(await runPatchbay(["start", "--wrong"], inFolder("refused"))).toMatchObject({ code: 2 });
});

test("SIGTERM while it waits to start again ends everything, the database too", async () => {
  const patchbay = await startPatchbay(inFolder("waiting"));
  await crash(patchbay);
  await crash(patchbay);
  process.kill(patchbay.pid, "SIGKILL");
  await until(() => patchbay.printed().includes("in 2 s"));
  await patchbay.end("SIGTERM");
  expect(existsSync(join(folder, "waiting/postgres/cluster/postmaster.pid"))).toBe(false);
});

test("SIGTERM to the server itself ends it for good", async () => {
  const patchbay = await startPatchbay(inFolder("told"));
  const { pid } = patchbay;
  process.kill(pid, "SIGTERM");
  expect(await patchbay.end("SIGTERM")).toEqual({ code: 0, signal: null });
  expect(crashesSaid(patchbay)).toEqual([]);
});

test("Ctrl-C, which comes to both and once more from npm, stops it once", async () => {
  const patchbay = await startPatchbay(inFolder("ctrl-c"));
  for (const pid of [patchbay.pid, patchbay.supervisorPid, patchbay.supervisorPid]) process.kill(pid, "SIGINT");
  expect(await patchbay.end("SIGINT")).toEqual({ code: 0, signal: null });
  expect(patchbay.printed().match(/Stopping/g)).toHaveLength(1);
});

test("a server that can't stop is ended after 25 s", async () => {
  const patchbay = await startPatchbay(inFolder("stuck"));
  const { pid } = patchbay;
  process.kill(pid, "SIGSTOP");
  expect(await patchbay.end("SIGTERM")).toEqual({ code: 1, signal: null });
  await until(() => !isAlive(pid));
  expect(patchbay.printed()).toContain("did not stop within 25 s and was ended");
});

test("when the supervisor is killed the server stops, and leaves port and data folder to the next start", async () => {
  const killed = await startPatchbay(inFolder("orphan"));
  const { pid } = killed;
  process.kill(killed.supervisorPid, "SIGKILL");
  await until(() => !isAlive(pid));
  expect(existsSync(join(folder, "orphan/postgres/cluster/postmaster.pid"))).toBe(false);
  const { port } = new URL(killed.url);
  await using next = await startPatchbay(inFolder("orphan", { PORT: port }));
  expect(await answers(next.url)).toBe(true);
});

test("without a supervisor it is one process, and what it leaves behind can be stopped", async () => {
  const patchbay = await startPatchbay({ ...inFolder("alone"), options: ["--no-supervisor"] });
  expect(patchbay.pid).toBe(patchbay.supervisorPid);
  expect(await runPatchbay(["stop-database"], inFolder("alone"))).toMatchObject({ code: 0, err: "" });
  expect(await answers(patchbay.url)).toBe(true); // it is used
  expect(await patchbay.end("SIGKILL")).toEqual({ code: null, signal: "SIGKILL" });
  expect(existsSync(join(folder, "alone/postgres/cluster/postmaster.pid"))).toBe(true);
  expect(await runPatchbay(["stop-database"], inFolder("alone"))).toMatchObject({ code: 0, err: "" });
  expect(existsSync(join(folder, "alone/postgres/cluster/postmaster.pid"))).toBe(false);
  expect(await runPatchbay(["stop-database"], inFolder("none"))).toMatchObject({ code: 0, err: "" });
  expect(existsSync(join(folder, "none"))).toBe(false);
});
