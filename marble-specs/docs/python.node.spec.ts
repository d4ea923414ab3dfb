import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { heavy } from '../support/heavy.js';
import { inPage, root } from './examples.node.js';

const page = 'docs/python.md';
const programs = [...readFileSync(join(root, page), 'utf8').matchAll(/^```python\n([\s\S]*?)^```/gm)].map(
  ([, code = '']) => code,
);

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
  const examples = inPage(page);

  it('have a program in TypeScript each', () => {
    expect(programs.length).toBeGreaterThan(3);
    expect(examples.length).toBe(programs.length);
  });

  for (const [index, program] of hasPython() ? programs.entries() : []) {
    const { title, prints } = examples[index] ?? { title: String(index) };

    it(`print the same text: ${title}`, () => {
      expect(execFileSync('python3', ['-'], { input: program, encoding: 'utf8' })).toBe(prints ?? '');
    });
  }
});
