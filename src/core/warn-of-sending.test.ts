import { describe, expect, test } from "vitest";
import { ConnectSettings } from "../contracts/connect.ts";
import { warnOfOrderGroup, warnOfSending } from "./warn-of-sending.ts";

const settings = (part: object): ConnectSettings =>
  ConnectSettings.parse({ name: "Acme CRM", api_url: "https://crm.example.com", request_method: "GET", ...part });

describe("settings that fight:", () => {
  const rows: [name: string, part: object, warnings: RegExp[]][] = [
    ["the defaults don't", {}, []],
    ["giving up before the first retry", { give_up_after: "5s" }, [/^give_up_after: The first retry comes 5 seconds .* after 5 seconds/]],
    ["giving up right after the first retry is fine", { give_up_after: "6s" }, []],
    ["giving up at once where nothing is sent again is fine", { give_up_after: "1s", retry: "off" }, []],
    ["giving up before an own list begins", { give_up_after: "1m", retry: { schedule: ["5m", "1s"] } }, [/^give_up_after: The first retry comes 5 minutes/]],
    ["a short wait again and again for days", { retry: { schedule: ["2s", "20s"] } }, [/^retry: .* about 34,560 times .* every 20 seconds until 8 days are over/]],
    ["a wait of nothing counts as a second", { retry: { schedule: ["1s", "0s"] } }, [/^retry: .* about 691,200 times/]],
    ["the same wait for a minute is fine", { retry: { schedule: ["2s", "20s"] }, give_up_after: "60s" }, []],
    ["an order group that orders nothing", { order: "none", order_group: "CRM" }, [/^order_group: Order is As they come, so CRM/]],
    ["an order group of its own is none", { order: "none" }, []],
    ["an order group that orders", { order: "newest_wins", order_group: "CRM" }, []],
    ["order kept for less than the first wait", { keep_order_for: "2s" }, [/^keep_order_for: The first retry comes 5 seconds .* only 2 seconds/]],
    ["without an order that does not matter", { keep_order_for: "2s", order: "none" }, []],
    ["nor without retries", { keep_order_for: "0s", retry: "off" }, []],
    ["two at once", { keep_order_for: "2s", give_up_after: "3s" }, [/^give_up_after/, /^keep_order_for/]],
  ]; // prettier-ignore
  test.each(rows)("%s", (_, part, expected) => {
    const warned = warnOfSending(settings(part)).map(({ path, message }) => `${path}: ${message}`);
    expect(warned).toHaveLength(expected.length);
    for (const [at, words] of expected.entries()) expect(warned[at]).toMatch(words);
  });
});

describe("an order group", () => {
  const crm = { order: "per_lead", order_group: "CRM" } as const;
  test("whose connects are ordered alike is fine", () => {
    expect(warnOfOrderGroup(crm, [{ name: "Call start", order: "per_lead" }])).toEqual([]);
  });
  test("of its own is fine", () => {
    expect(warnOfOrderGroup({ ...crm, order_group: "" }, [{ name: "Call start", order: "none" }])).toEqual([]);
  });
  test("whose connects are not names those that differ", () => {
    const others = [
      { name: "Call start", order: "none" },
      { name: "Call stop", order: "per_lead" },
      { name: "Disposition", order: "newest_wins" },
    ] as const;
    expect(warnOfOrderGroup(crm, others)).toEqual([
      {
        path: "order",
        message:
          "This connect is Keep order per lead, but in its order group CRM there are Call start (As they come), Disposition (Newest wins). Set all connects of the group alike",
      },
    ]);
  });
});
