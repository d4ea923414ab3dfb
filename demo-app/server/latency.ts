/**
 * Pseudorandom latencies: the same seed and number always give the same latency.
 *
 * Every fourth save (the 3rd, 7th, … 19th) is slow. Its additional latency exceeds the time between two saves, even on a busy
 * machine. So in a burst of twenty saves without a lock, the 19th is always committed after the 20th.
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

/** A hash of both numbers from 0 to 1, by the final mix of MurmurHash3: neighboring numbers give unrelated results. */
function fraction(seed: number, index: number): number {
  let bits = (seed ^ Math.imul(index, 0x9e3779b1)) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}
