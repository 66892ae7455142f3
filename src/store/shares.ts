/** Those that send, and which of them this process is. Their numbers are ascending, and no two have ever the same. */
export type Membership = { readonly me: number; readonly numbers: readonly number[] };

/**
 * A worker's part of a connect's concurrency. What a division leaves over goes to those that score highest for that
 * connect, so others get it for another one; and when one goes, nobody's part becomes smaller.
 * https://en.wikipedia.org/wiki/Rendezvous_hashing
 */
export function shareOf(concurrency: number, connectId: number, { me, numbers }: Membership): number {
  const mine = scoreOf(connectId, me);
  const before = numbers.filter((number) => scoreOf(connectId, number) > mine).length;
  return Math.floor(concurrency / numbers.length) + (before < concurrency % numbers.length ? 1 : 0);
}

/** `shareOf` in SQL. `me`, `numbers`: placeholders of an integer and an integer[]. */
export function shareSql(concurrency: string, connectId: string, { me, numbers }: { me: string; numbers: string }) {
  const before = `(select count(*) from unnest(${numbers}::int[]) number
    where ${scoreSql(connectId, "number")} > ${scoreSql(connectId, `${me}::int`)})`;
  const workers = `cardinality(${numbers}::int[])`;
  return `(${concurrency} / ${workers} + case when ${before} < ${concurrency} % ${workers} then 1 else 0 end)`;
}

/** Numbers are told apart by their lowest 20 bits, and every step is exact in a double. */
const low = 2 ** 20;
const prime = 2_147_483_647;
const spread = { connect: 40_503, number: 648_391, score: 48_271 };

/**
 * Different for different numbers: odd factors lose nothing of 20 bits, and of two numbers below half the prime the squares
 * have different remainders.
 */
function scoreOf(connectId: number, number: number): number {
  const mixed = (((connectId % low) * spread.connect) % low) ^ (((number % low) * spread.number) % low);
  return (((mixed * mixed) % prime) * spread.score) % prime;
}

function scoreSql(connectId: string, number: string): string {
  const mixed = `((${connectId}::bigint % ${low} * ${spread.connect} % ${low}) # (${number}::bigint % ${low} * ${spread.number} % ${low}))`;
  return `(${mixed} * ${mixed} % ${prime} * ${spread.score} % ${prime})`;
}
