import { heavy } from '../../support/heavy.js';
import { playPrograms } from './programs.js';
import { allPrimitives } from './worlds/all-primitives.js';

/** `npm run explore -- --programs N --seed S` plays more programs, or those of one seed again. */
const seed = Math.floor(Math.random() * 2 ** 31);

heavy(describe)('Random programs of hundreds of steps', () => {
  it(`have the same log on the library and on the model (seed ${String(seed)})`, () => {
    expect(playPrograms(allPrimitives, { seed, runs: 15 })).toBeUndefined();
  });
});
