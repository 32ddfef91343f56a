/**
 * Numbers between 0 and 1, the same in every run with the same seed, which is at least 1: small, and random enough to
 * choose moments and moves.
 */
export function chances(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
