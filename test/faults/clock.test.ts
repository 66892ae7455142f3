import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../ground/places.ts";
import { isLong } from "./form.ts";
import { balanced, openScene } from "./scene.ts";
import { startTelling } from "./tell.ts";

const folder = temporaryFolder();
const hour = 3_600_000;
/** Where the one process's clock is, in turn, against the other's and the database's. */
const steps = [0, hour, -hour, 26 * hour, -26 * hour, 1_500, -1_500, 0];
const rounds = isLong ? 5 : 1;

test("the clock of one of two processes steps to and fro under load: nothing is lost, doubled or out of order", async () => {
  await using scene = await openScene(join(folder, "clock"), "clock");
  const clock = join(folder, "clock-step");
  const step = (ms: number): void => writeFileSync(clock, String(ms));
  step(0);
  const stepped = await scene.start({
    STEPPED_CLOCK: clock,
    NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, "stepped-clock.js")).href}`,
  });
  const steady = await scene.start();
  // a lead's sales to one process: ids that two clocks give have no order among them
  const telling = startTelling(scene, (lead) => [lead % 2 === 0 ? stepped.url : steady.url]);
  for (let round = 0; round < rounds; round++)
    for (const ms of steps) {
      step(ms);
      process.kill(stepped.pid, "SIGUSR2");
      await telling.more(60);
    }
  await telling.stop();
  await scene.settled();
  // it did tell another time: its ids say so
  const far = await scene.ask("select from events where id > uuidv7(interval '25 h') or id < uuidv7(interval '-25 h')");
  expect(far.length).toBeGreaterThan(0);
  expect(await stepped.end("SIGTERM")).toMatchObject({ code: 0 });
  expect(await steady.end("SIGTERM")).toMatchObject({ code: 0 });
  expect(await scene.reckon(telling.accepted, new Set())).toEqual(balanced);
});
