import { describe, expect, test } from "vitest";
import { ConnectSettings, type Retry } from "../../../src/contracts/connect.ts";
import { warnOfSending } from "../../../src/core/warn-of-sending.ts";
import { presetOf, retryPresets, typedWaits } from "./retry-presets.ts";

describe("a stored retry is shown as", () => {
  const rows: [name: string, retry: Retry, shown: string | undefined][] = [
    ["Default", "default", "Default"],
    ["Default, when the list is the same, its last wait too", { schedule: ["5s", "30s", "2m", "10m", "30m", "1h", "2h", "4h", "8h", "12h", "24h"] }, "Default"],
    ["an own list without that last wait: it would come every 12 h", { schedule: ["5s", "30s", "2m", "10m", "30m", "1h", "2h", "4h", "8h", "12h"] }, undefined],
    ["Off", "off", "Off"],
    ["Real time", { schedule: ["2s", "5s", "10s", "20s"] }, "Real time"],
    ["Quick, however a wait is written", { schedule: ["1s", "5s", "15s", "60s", "5m", "900s", "1h"] }, "Quick"],
    ["an own list", { schedule: ["5s"] }, undefined],
    ["an own list while it is being typed", { schedule: ["5s", "3"] }, undefined],
    ["an own list when it is empty", { schedule: [""] }, undefined],
  ]; // prettier-ignore
  test.each(rows)("%s", (_, retry, shown) => expect(presetOf(retry)?.name).toBe(shown));
});

test.each(retryPresets)("$name is a setting that can be saved, and fights with none", ({ retry, giveUpAfter }) => {
  const base = { name: "x", api_url: "https://crm.example.com", request_method: "GET", retry };
  const settings = ConnectSettings.parse({ ...base, ...(giveUpAfter ? { give_up_after: giveUpAfter } : {}) });
  expect(presetOf(settings.retry)?.retry).toEqual(retry);
  // a patient vendor's leads wait longer than the order is kept by default, and that is worth a word
  expect(warnOfSending(settings).filter(({ path }) => path !== "keep_order_for")).toEqual([]);
});

test("a list is typed with commas, spaces or both", () => {
  expect(typedWaits(" 5s,30s  2m, ")).toEqual(["5s", "30s", "2m"]);
});
