import { createRequire } from 'node:module';

import * as rxjs from 'rxjs';
import { Lock } from 'rxjs-locks';
import * as testing from 'rxjs/testing';

const require = createRequire(import.meta.url);

/** Checks that the specs and the library use the RxJS in the folder `name` of node_modules, and its version. */
export function itRunsOn(name: string, version: string): void {
  const expected = require(name) as typeof rxjs;

  describe('The RxJS of this run', () => {
    it(`is ${version}`, () => {
      expect(require(`${name}/package.json`)).toEqual(jasmine.objectContaining({ name: 'rxjs', version }));
    });

    it('is the one of the specs', () => {
      expect(rxjs.Observable).toBe(expected.Observable);
      expect(testing.TestScheduler).toBe((require(`${name}/testing`) as typeof testing).TestScheduler);
    });

    it('is the one of the library', () => {
      expect(new Lock()).toBeInstanceOf(expected.BehaviorSubject);
      expect(new Lock().acquire()).toBeInstanceOf(expected.Observable);
    });
  });
}
