export type HeaderPair = readonly [name: string, value: string];

/**
 * What every request carries unless its connect names such a header itself. Some vendors' firewalls refuse calls without
 * an agent's name. `sentHeaders` adds them, for what is sent and for what the preview shows.
 */
const standingHeaders: readonly HeaderPair[] = [
  ["Accept", "*/*"],
  ["Accept-Encoding", "gzip, deflate, br"],
  ["User-Agent", "Patchbay"],
];

/** Spec 7: a delivery's id goes with each of its calls, so that a vendor can tell a repeat. */
export function deliveryHeaders(id: string): readonly HeaderPair[] {
  return [
    ["webhook-id", id],
    ["Idempotency-Key", id],
  ];
}

/** The planned headers, then those of `more` and the standing ones whose name isn't there yet, whatever its case. */
export function sentHeaders(planned: readonly HeaderPair[], more: readonly HeaderPair[]): HeaderPair[] {
  const headers = [...planned];
  const there = new Set(planned.map(([name]) => name.toLowerCase()));
  for (const [name, value] of [...more, ...standingHeaders]) {
    if (there.has(name.toLowerCase())) continue;
    there.add(name.toLowerCase());
    headers.push([name, value]);
  }
  return headers;
}
