import { heavy } from '../../support/heavy.js';
import { playCycles, playLine } from './soak.js';

/** `npm run soak` plays millions, and looks at the heap. */
heavy(describe)('A short soak', () => {
  for (const seed of [1, 2, 3]) {
    it(`leaves nobody in any line, inside, or looking (seed ${String(seed)})`, () => {
      let waiting = 0;
      const tenth = (count: number): boolean => (waiting = count) > 0;
      expect(playCycles({ seed, cycles: 20_000, live: 200, tenth })).toBeTrue();
      expect(waiting).toBeGreaterThan(0);
    });
  }

  it('leaves nobody in a line that all have left in random order', () => {
    expect(playLine({ seed: 1, length: 5_000 })).toBe(0);
  });
});
