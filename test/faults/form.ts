/** `npm test` runs the faults in a short form, `npm run faults` in a long one: more of them, and leases waited out. */
export const isLong = process.env["FAULTS"] === "long";

/** Of the moments at which faults come; a failed run prints it, and FAULTS_SEED brings the same ones again. */
export const seed = Number(process.env["FAULTS_SEED"] ?? Date.now() % 1_000_000);

/** Numbers from 0 to 1 that follow from the seed and a name. https://en.wikipedia.org/wiki/Linear_congruential_generator */
export function randomOf(name: string): () => number {
  let state = Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 2_147_483_648, seed);
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
