import { heavy } from '../../support/heavy.js';
import { playCycles, playQueue } from './soak.js';

/** `npm run soak` plays millions of cycles, and measures the heap. */
heavy(describe)('A short soak', () => {
  for (const seed of [1, 2, 3]) {
    it(`leaves no waiters, no holders and no observers (seed ${String(seed)})`, () => {
      let waiting = 0;
      const tenth = (count: number): boolean => (waiting = count) > 0;
      expect(playCycles({ seed, cycles: 20_000, live: 200, tenth })).toBeTrue();
      expect(waiting).toBeGreaterThan(0);
    });
  }

  it('leaves no waiters in a queue that is cancelled in random order', () => {
    expect(playQueue({ seed: 1, length: 5_000 })).toBe(0);
  });
});
