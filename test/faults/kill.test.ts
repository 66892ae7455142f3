import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { nextServerPid, temporaryFolder } from "../ground/places.ts";
import type { RunningPatchbay } from "../patchbay-process.ts";
import { isLong } from "./form.ts";
import { balanced, concurrency, killPostgres, openScene, type Scene } from "./scene.ts";
import { startTelling } from "./tell.ts";

const folder = temporaryFolder();
const kills = isLong ? 30 : 3;

/** At any moment: also while little or nothing works yet. */
const aMoment = ({ random }: Scene): Promise<unknown> => sleep(random() * 1_500);

/** What came twice is among what was in flight at a kill, and no more than a sender may have under way. */
function expectFewDoubled({ vendor }: Scene, killed: number): void {
  const doubled = [...vendor.times.values()].reduce((sum, times) => sum + times - 1, 0);
  expect(doubled).toBeLessThanOrEqual(killed * concurrency);
}

test.concurrent("Patchbay killed at any moment under load: nothing accepted is lost, and what is doubled was in flight", async () => {
  await using scene = await openScene(join(folder, "app"), "app");
  let patchbay = await scene.start();
  const telling = startTelling(scene, () => [patchbay.url]);
  const inFlight = new Set<string>();
  for (let kill = 1; kill <= kills; kill++) {
    await telling.more(kill % 2 === 0 ? 1 : 40);
    await aMoment(scene);
    await patchbay.end("SIGKILL");
    for (const id of await scene.inFlight()) inFlight.add(id);
    patchbay = await scene.start();
  }
  await telling.more(40);
  await telling.stop();
  await scene.settled();
  expect(await patchbay.end("SIGTERM")).toMatchObject({ code: 0 });
  expect(await scene.reckon(telling.accepted, inFlight)).toEqual(balanced);
  expectFewDoubled(scene, kills);
});

test.concurrent("PostgreSQL killed at any moment under load: it comes back by itself, nothing is lost, nothing doubled", async () => {
  await using scene = await openScene(join(folder, "postgres"), "postgres");
  await using patchbay = await scene.start();
  const telling = startTelling(scene, () => [patchbay.url]);
  for (let kill = 1; kill <= kills; kill++) {
    await telling.more(kill % 2 === 0 ? 1 : 40);
    await aMoment(scene);
    const killed = killPostgres(scene);
    await nextServerPid(scene.dataFolder, killed);
  }
  await telling.more(40);
  await telling.stop();
  await scene.settled();
  expect(await patchbay.end("SIGTERM")).toMatchObject({ code: 0 });
  expect(await scene.reckon(telling.accepted, new Set())).toEqual(balanced);
});

test.concurrent("Patchbay and PostgreSQL killed together, as by a power cut: the next start finds everything", async () => {
  await using scene = await openScene(join(folder, "both"), "both");
  let patchbay = await scene.start();
  const telling = startTelling(scene, () => [patchbay.url]);
  const inFlight = new Set<string>();
  for (let kill = 1; kill <= kills; kill++) {
    await telling.more(40);
    await aMoment(scene);
    killPostgres(scene);
    await patchbay.end("SIGKILL");
    const seen = new Set(scene.vendor.times.keys());
    patchbay = await scene.start();
    for (const id of await scene.inFlight()) if (seen.has(id)) inFlight.add(id);
  }
  await telling.more(40);
  await telling.stop();
  await scene.settled();
  expect(await patchbay.end("SIGTERM")).toMatchObject({ code: 0 });
  expect(await scene.reckon(telling.accepted, inFlight)).toEqual(balanced);
  expectFewDoubled(scene, kills);
});

test.concurrent("two processes, now one and then the other killed: the other takes over what it had", async () => {
  await using scene = await openScene(join(folder, "two"), "two");
  const pair: [RunningPatchbay, RunningPatchbay] = [await scene.start(), await scene.start()];
  const telling = startTelling(scene, () => pair.map(({ url }) => url));
  const inFlight = new Set<string>();
  for (let kill = 1; kill <= kills; kill++) {
    await telling.more(40);
    await aMoment(scene);
    await pair[kill % 2]!.end("SIGKILL");
    for (const id of await scene.inFlight()) inFlight.add(id);
    await telling.more(20); // the other goes on
    pair[kill % 2] = await scene.start();
  }
  // the last one dead stays dead: nobody but the other is there to take over
  await pair[0].end("SIGKILL");
  for (const id of await scene.inFlight()) inFlight.add(id);
  await telling.stop();
  await scene.settled();
  expect(await pair[1].end("SIGTERM")).toMatchObject({ code: 0 });
  expect(await scene.reckon(telling.accepted, inFlight)).toEqual(balanced);
  expectFewDoubled(scene, kills + 1);
});
