/**
 * Latencies that look random and are not: the same seed and the same number always wait equally long.
 *
 * Every fourth save, the 3rd, 7th, … 19th, is slow, and slower than all the fast ones by more than a person or a
 * busy machine lets pass between two saves. So a burst of twenty always ends with the 19th landing after the 20th,
 * unless somebody makes the saves wait for each other.
 */

const saves = { fast: [50, 110], slow: [800, 900] } as const;
const downloads = [120, 280] as const;

export function saveLatency(seed: number, arrival: number): number {
  return between(arrival % 4 === 3 ? saves.slow : saves.fast, seed, arrival);
}

export function downloadLatency(seed: number, file: number): number {
  return between(downloads, seed, file);
}

function between([low, high]: readonly [number, number], seed: number, index: number): number {
  return Math.round(low + (high - low) * fraction(seed, index));
}

/** From 0 to 1: the two numbers are mixed (as MurmurHash3 ends) until neighbors have nothing in common. */
function fraction(seed: number, index: number): number {
  let bits = (seed ^ Math.imul(index, 0x9e3779b1)) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}
