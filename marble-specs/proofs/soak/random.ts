/** Returns integers from 0 to `below - 1`, the same for the same seed. */
export type Random = (below: number) => number;

/** Marsaglia's xorshift: its only state is one word. */
export function randomOf(seed: number): Random {
  let word = seed | 0 || 1; // from 0 it would produce nothing but 0
  return (below) => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return (word >>> 0) % below;
  };
}
