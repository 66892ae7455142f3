import { expect, test } from "vitest";
import { connectPlaceWords } from "./conflict-words.ts";

const words = connectPlaceWords(
  [{ at: "2026-11-24T09:00:00.000Z", by: "Ann", replaced_secrets: ["authorization_header"] }],
  (id) => (id === 3 ? "Acme lead" : undefined),
);
const place = (key: string, changed: "mine" | "theirs" | "both") => ({
  path: key, key, row: null, changed, base: "", mine: "", theirs: "",
}); // prettier-ignore

test.each([
  ["authorization_header", "X-Team: north|Authorization: Bearer t-1", "X-Team: ••••••••\nAuthorization: ••••••••"],
  ["authorization_header", "Content-Type: application/json|t-1", "Content-Type: application/json\n••••••••"],
  ["authorization_header", "", "–"],
  ["api_authentication", "api_key=k-1&team=2", "api_key=••••••••&team=••••••••"],
  ["api_authentication", "k-1", "••••••••"],
  ["api_url", "https://user:pass@x.example.com/v1?api_key=k-1&page=2", "https://••••••••@x.example.com/v1?api_key=••••••••&page=2"],
  ["response_key", "data.id", "data.id"],
  ["adaptor_id", 3, "Acme lead"],
  ["adaptor_id", 4, "4"],
])("of %s, %j is shown as %j", (key, value, shown) =>
  expect(words.show?.(value, place(key, "both"))).toBe(shown)); // prettier-ignore

test("a secret that only they replaced is settled: the old one is gone", () => {
  expect(words.settled?.(place("authorization_header", "theirs"))).toBe(true);
  expect(words.settled?.(place("authorization_header", "both"))).toBe(false);
  expect(words.settled?.(place("api_authentication", "theirs"))).toBe(false);
});
