import { readFile } from 'node:fs/promises';

import { faults } from './faults.js';

describe('Each fault that npm run explore -- --faults plants', () => {
  for (const { name, file, find } of faults) {
    it(`fits the code: ${name}`, async () => {
      const code = await readFile(new URL(`../../../../${file}`, import.meta.url), 'utf8');
      expect(code.split(find).length - 1).toBe(1);
    });
  }
});
