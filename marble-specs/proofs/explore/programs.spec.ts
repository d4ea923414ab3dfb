import { heavy } from '../../support/heavy.js';
import { playPrograms } from './programs.js';
import { town } from './worlds/town.js';

/** `npm run explore -- --programs N --seed S` plays more of them, and those of one seed again. */
const seed = Math.floor(Math.random() * 2 ** 31);

heavy(describe)('Random programs of hundreds of steps', () => {
  it(`are played by the library as by its model (seed ${String(seed)})`, () => {
    expect(playPrograms(town, { seed, runs: 15 })).toBeUndefined();
  });
});
