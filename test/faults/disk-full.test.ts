import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { mountSmallDisk, temporaryFolder } from "../ground/places.ts";
import { isLong } from "./form.ts";
import { balanced, openScene } from "./scene.ts";
import { startTelling } from "./tell.ts";

const folder = temporaryFolder();
const probe = join(folder, "probe");
const canMount = mountSmallDisk(probe, "1m");
if (canMount) execFileSync("umount", [probe]);
const times = isLong ? 6 : 2;

/** Fills a disk to its last block. */
const fill = (disk: string): void =>
  void execFileSync("sh", ["-c", `cat /dev/zero > ${join(disk, "filler")} 2>/dev/null || true`]);

describe.runIf(canMount)("the database's disk full under load", () => {
  test.each([
    ["off", "to the last block: PostgreSQL itself may go down"],
    ["40MB", "below the least that is to be free"],
  ])(
    "PATCHBAY_DISK_FREE_MIN=%s, %s: what is new is refused with 503, nothing that was accepted is lost, and it goes on by itself",
    async (min) => {
      const disk = join(folder, `disk-${min}`);
      mountSmallDisk(disk, "400m");
      onTestFinished(() => void execFileSync("umount", ["-l", disk]));
      mkdirSync(join(disk, "data"));
      await using scene = await openScene(join(disk, "data"), `disk ${min}`);
      const patchbay = await scene.start({ PATCHBAY_DISK_FREE_MIN: min });
      const telling = startTelling(scene, () => [patchbay.url]);
      const refused = (): number => telling.statuses.get(503) ?? 0;
      for (let time = 1; time <= times; time++) {
        await telling.more(60);
        const before = refused();
        fill(disk);
        while (refused() < before + 20) {
          // a try to sign in is written, too; nobody is called that
          const body = JSON.stringify({ email: `nobody-${refused()}@example.com`, password: "correct horse battery" });
          const headers = { "content-type": "application/json", origin: patchbay.url };
          const signIn = await fetch(`${patchbay.url}/api/auth/sign-in/email`, { method: "POST", headers, body });
          expect([401, 429, 503]).toContain(signIn.status);
          await sleep(20);
        }
        rmSync(join(disk, "filler"));
      }
      await telling.more(60);
      await telling.stop();
      await scene.settled();
      expect([...telling.statuses.keys()].filter((status) => ![200, 202, 503].includes(status))).toEqual([]);
      expect(await patchbay.end("SIGTERM")).toMatchObject({ code: 0 });
      expect(patchbay.printed()).not.toMatch(/Patchbay ended|"stack"/);
      expect(patchbay.printed()).toMatch(/nothing new is taken until there is room|does not answer/);
      expect(await scene.reckon(telling.accepted, new Set())).toEqual(balanced);
    },
  );
});
