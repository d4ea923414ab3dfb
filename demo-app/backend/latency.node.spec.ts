import * as fc from 'fast-check';

import { between, saveLatency } from './latency';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('saveLatency', () => {
  it('is the same for the same seed and edit', () => {
    fc.assert(fc.property(seeds, fc.nat(1_000), (seed, edit) => saveLatency(seed, edit) === saveLatency(seed, edit)));
  });

  it('differs between seeds', () => {
    const latencies = (seed: number) => Array.from({ length: 12 }, (_, index) => saveLatency(seed, index + 1));

    expect(latencies(1)).not.toEqual(latencies(2));
  });

  it('is so long for every fourth save that the one after it overtakes it, at a distance of 320 ms on a busy machine too', () => {
    fc.assert(
      fc.property(seeds, fc.nat(1_000), (seed, group) => {
        const slow = 4 * group + 3;
        return saveLatency(seed, slow) >= 320 + saveLatency(seed, slow + 1) + 150;
      }),
    );
  });
});

describe('between', () => {
  it('stays within its limits', () => {
    fc.assert(
      fc.property(seeds, fc.nat(10_000), (seed, index) => {
        const latency = between(40, 90, seed, index);
        return Number.isInteger(latency) && latency >= 40 && latency <= 90;
      }),
    );
  });
});
