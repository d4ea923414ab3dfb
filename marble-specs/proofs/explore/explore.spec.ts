import { explore } from './explore.js';
import { traced } from './kit.js';
import { worlds } from './worlds/index.js';

/** A small part of `npm run explore`. */
describe('Every script of up to two steps', () => {
  for (const world of worlds) {
    it(`has the same log on the library and on the model: ${world.name}`, () => {
      const { scripts, failure } = explore(world, 2);
      expect(failure).toBeUndefined();
      expect(scripts).toBeGreaterThan(0);
    });

    it(`has the same log while each primitive is traced, and true traces: ${world.name}`, () => {
      expect(explore(world, 2, traced).failure).toBeUndefined();
    });
  }
});
