import { downloadLatency, saveLatency } from './latency';

const seeds = [0, 1, 7, 42, 2 ** 31, 2 ** 32 - 1];
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('latency', () => {
  it('depends only on the seed and the number', () => {
    const of = (seed: number) => upTo(40).map((index) => [saveLatency(seed, index), downloadLatency(seed, index)]);
    for (const seed of seeds) expect(of(seed)).toEqual(of(seed));
    expect(of(1)).not.toEqual(of(2));
  });

  it('commits the 19th save more than half a second after the 20th, for any seed', () => {
    for (const seed of seeds) expect(saveLatency(seed, 19) - saveLatency(seed, 20)).toBeGreaterThan(500);
  });

  it('varies within its bounds', () => {
    for (const seed of seeds) {
      const all = upTo(200).map((file) => downloadLatency(seed, file));
      expect(Math.min(...all)).toBeGreaterThanOrEqual(120);
      expect(Math.max(...all)).toBeLessThanOrEqual(280);
      expect(new Set(all).size).toBeGreaterThan(50);
    }
  });
});
