import { join } from "node:path";
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
  vendor.answer = () => 200;
  if (!isLong) await scene.ask("update due set lease_until = now() - interval '1 s' where lease_until is not null");
  await scene.settled(); // the second sent them again
  const doubled = [...vendor.times].filter(([, times]) => times > 1).map(([id]) => id);
  expect(doubled).toHaveLength(count);

  late.resolve();
  process.kill(first.pid, "SIGCONT");
  await tellSale(scene, () => [first.url], leads[count]!, count);
  await scene.settled();
  // it ends when it has worked off what the vendor said late
  expect(await first.end("SIGTERM")).toMatchObject({ code: 0 });
  const attempts = await scene.ask("select outcome, count(*)::int from attempts group by 1");
  expect(attempts).toEqual([{ outcome: "accepted", count: count + 1 }]);
  expect(await second.end("SIGTERM")).toMatchObject({ code: 0 });
  expect([...vendor.times.values()].filter((times) => times > 2)).toEqual([]);
  const sales = new Set(Array.from({ length: count + 1 }, (_, sale) => String(sale)));
  expect(await scene.reckon({ sales, leads: [] }, new Set(doubled))).toEqual(balanced);
});
