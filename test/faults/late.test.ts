import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { temporaryFolder } from "../ground/places.ts";
import { isLong } from "./form.ts";
import { balanced, openScene } from "./scene.ts";
import { tellSale } from "./tell.ts";

const folder = temporaryFolder();
const count = 12;

// In the short form the leases are ended in the database; in the long one they run out.
test("a vendor that answers after the lease ended changes nothing any more: what another process wrote stays", async () => {
  await using scene = await openScene(join(folder, "late"), "late");
  const { vendor, leads } = scene;
  const first = await scene.start();
  const late = Promise.withResolvers<void>();
  vendor.answer = async () => {
    await late.promise;
    return 500; // if it counted, the delivery would be tried again
  };
  for (let sale = 0; sale < count; sale++) await tellSale(scene, () => [first.url], leads[sale]!, sale);
  await vendor.received(count);
  const second = await scene.start();
  // stopped in mid-attempt for longer than its leases last
  process.kill(first.pid, "SIGSTOP");
  const still = Promise.withResolvers<void>();
  vendor.answer = async (sale) => {
    if (sale % 2 === 1 && sale < count) await still.promise;
    return 200;
  };
  if (!isLong) await scene.ask("update due set lease_until = now() - interval '1 s' where lease_until is not null");
  await vendor.received(2 * count); // the second sent them again
  const settled = async (deliveries: number): Promise<void> => {
    while ((await scene.ask("select from deliveries")).length < deliveries) await sleep(50);
  };
  await settled(count / 2);

  // half of them are settled meanwhile, half are with the second
  late.resolve();
  process.kill(first.pid, "SIGCONT");
  await tellSale(scene, () => [first.url], leads[count]!, count);
  await settled(count / 2 + 1);
  // it ends when it has worked off what the vendor said late
  expect(await first.end("SIGTERM")).toMatchObject({ code: 0 });
  still.resolve();
  await scene.settled();
  const attempts = await scene.ask("select outcome, count(*)::int from attempts group by 1");
  expect(attempts).toEqual([{ outcome: "accepted", count: count + 1 }]);
  expect(await second.end("SIGTERM")).toMatchObject({ code: 0 });
  expect([...vendor.times.values()].toSorted((a, b) => a - b)).toEqual([1, ...Array.from({ length: count }, () => 2)]);
  const sales = new Set(Array.from({ length: count + 1 }, (_, sale) => String(sale)));
  expect(await scene.reckon({ sales, leads: [] }, new Set(vendor.times.keys()))).toEqual(balanced);
});
