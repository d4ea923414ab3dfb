/** Numbers from 0 up to but not including `below`, the same for the same seed. */
export type Random = (below: number) => number;

/** Marsaglia's xorshift: three lines, and no state but a word. */
export function randomOf(seed: number): Random {
  let word = seed | 0 || 1; // it never leaves 0
  return (below) => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return (word >>> 0) % below;
  };
}
