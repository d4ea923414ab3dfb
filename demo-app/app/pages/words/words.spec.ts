import { lastValueFrom, toArray } from 'rxjs';

import { examples } from './words';

describe('The examples of the page Words', () => {
  const printed: Readonly<Record<string, readonly string[]>> = {
    Lock: ['first begins', 'first ends', 'second begins', 'second ends'],
    Condition: ['ann takes tea'],
  };

  for (const { name, main, python, typescript } of examples) {
    it(`do what Python does: ${name}`, async () => {
      expect(await lastValueFrom(main.pipe(toArray()))).toEqual([...(printed[name] ?? [])]);
      expect(python).toContain('asyncio.run(main())');
      expect(typescript).toContain('export const main');
    });
  }
});
