import { explore } from './explore.js';
import { traced } from './kit.js';
import { worlds } from './worlds/index.js';

/** A bounded part of `npm run explore`. */
describe('Every script of up to two steps', () => {
  for (const world of worlds) {
    it(`is played by the library as by its model: ${world.name}`, () => {
      const { schedules, failure } = explore(world, 2);
      expect(failure).toBeUndefined();
      expect(schedules).toBeGreaterThan(0);
    });

    it(`is the same to everyone while each primitive is traced, and the traces are true: ${world.name}`, () => {
      expect(explore(world, 2, traced).failure).toBeUndefined();
    });
  }
});
