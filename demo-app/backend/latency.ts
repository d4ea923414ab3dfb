/**
 * Pseudorandom latencies in milliseconds: the same seed and number always give the same latency.
 *
 * Every fourth save (the 3rd, 7th, 11th …) is slow. Its additional latency exceeds the time between several saves, even on a busy
 * machine. So in a burst of twelve saves without a lock, the 11th is always committed after the 12th.
 */
export function saveLatency(seed: number, edit: number): number {
  return edit % 4 === 3 ? between(640, 720, seed, edit) : between(40, 90, seed, edit);
}

/** A latency from `low` to `high`. */
export function between(low: number, high: number, seed: number, index: number): number {
  return Math.round(low + (high - low) * fraction(seed, index));
}

/** A hash of both numbers from 0 to 1, by the final mix of MurmurHash3: neighboring numbers give unrelated results. */
function fraction(seed: number, index: number): number {
  let bits = (seed ^ Math.imul(index, 0x9e3779b1)) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

export function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
