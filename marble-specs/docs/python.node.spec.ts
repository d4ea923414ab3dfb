import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { heavy } from '../support/heavy.js';
import { root } from './examples.node.js';

/** A program in Python, the same one in TypeScript, and what both print. */
const pair = /^### (.*)\n\n```python\n([\s\S]*?)^```\n\n```ts\n[\s\S]*?^```\n\n```text\n([\s\S]*?)^```/gm;
const pairs = [...readFileSync(join(root, 'docs/python.md'), 'utf8').matchAll(pair)];

/** The barrier of asyncio is new in Python 3.11. */
function hasPython(): boolean {
  try {
    execFileSync('python3', ['-c', 'import asyncio; asyncio.Barrier'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** `examples.node.spec.ts` runs the programs in TypeScript. */
heavy(describe)('The programs in Python', () => {
  it('have a program in TypeScript each', () => {
    expect(pairs.map(([, name]) => name)).toEqual(['Lock', 'Semaphore', 'Event', 'Condition', 'Barrier']);
  });

  for (const [, name = '', program, prints = ''] of hasPython() ? pairs : []) {
    it(`print the same text: ${name}`, () => {
      expect(execFileSync('python3', ['-'], { input: program, encoding: 'utf8' })).toBe(prints);
    });
  }
});
