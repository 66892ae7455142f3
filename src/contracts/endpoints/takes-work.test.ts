import { expect, test } from "vitest";
import type { Endpoint } from "../endpoint.ts";
import { api } from "./index.ts";

const endpoints = Object.values(api)
  .flatMap((group): unknown[] => Object.values(group))
  .filter((one): one is Endpoint => typeof one === "object" && one !== null && "method" in one && "path" in one);

/** Of these nouns, what is asked for stores nothing, or ends something. */
const storesNothing = new Set(["POST /api/replays/preview", "POST /api/replays/{id}/cancel"]);

test("what makes leads, deliveries or tests is marked as new work, and so is refused without room on disk", () => {
  const unmarked = endpoints
    .filter(({ method, path, tag }) => {
      const ofWork = tag === "leads" || tag === "deliveries" || tag === "replays" || /\/(test|send|retry)$/.test(path);
      return ofWork && (method === "POST" || method === "PATCH" || method === "PUT");
    })
    .filter((one) => one.takesWork !== true)
    .map(({ method, path }) => `${method} ${path}`);
  expect(unmarked.filter((name) => !storesNothing.has(name))).toEqual([]);
});
