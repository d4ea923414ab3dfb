import { explore } from './explore.js';
import { worlds } from './worlds/index.js';

/** A bounded part of `npm run explore`. */
describe('Every script of up to two steps', () => {
  for (const world of worlds) {
    it(`is played by the library as by its model: ${world.name}`, () => {
      const { schedules, failure } = explore(world, 2);
      expect(failure).toBeUndefined();
      expect(schedules).toBeGreaterThan(0);
    });
  }
});
