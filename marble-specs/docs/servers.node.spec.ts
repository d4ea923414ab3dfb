import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { heavy } from '../support/heavy.js';
import { inGuide, problemsOf, removeFiles, root, writeFiles } from './examples.node.js';

const text = readFileSync(join(root, 'docs/servers.md'), 'utf8');
const examples = inGuide('servers');

heavy(describe)('The guide for servers', () => {
  beforeAll(() => {
    writeFiles(examples);
  });

  afterAll(removeFiles);

  it('has snippets that compile', () => {
    expect(problemsOf(examples)).toEqual([]);
    expect(examples.length).toBeGreaterThan(5);
  });

  for (const [entry, title] of [
    ['redis', 'At Redis'],
    ['postgres', 'At PostgreSQL'],
  ] as const) {
    it(`names the options of ${entry} with their defaults`, () => {
      const options = readFileSync(join(root, `lib/${entry}/internal/arguments.ts`), 'utf8');
      const [, defaults = ''] = /const \{ (.*?)(?:, key)? \} = options;/.exec(options) ?? [];
      const [, section = ''] = new RegExp(`^### ${title}\\n([\\s\\S]*?)^##`, 'm').exec(text) ?? [];
      const rows = [...section.matchAll(/^\| `(\w+)` \| (?:([\d,]+) ms|`('.*?')`) \|/gm)].map(
        ([, name = '', time, given]) => `${name} = ${given ?? time?.replace(/,000$/, time === '1,000' ? '000' : '_000') ?? ''}`,
      );
      expect(rows.join(', ')).toBe(defaults);
    });
  }
});
