import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import ts from 'typescript';

import { heavy } from '../support/heavy.js';
import { folder, removeFiles, root, writeFiles, type Example } from './examples.node.js';

const text = readFileSync(join(root, 'docs/servers.md'), 'utf8');
const examples = [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ''], index): Example => {
  const title = `snippet ${String(index + 1)}`;
  return { title, file: `servers-${String(index + 1)}.ts`, code };
});

heavy(describe)('The guide for servers', () => {
  beforeAll(() => {
    writeFiles(examples);
  });

  afterAll(removeFiles);

  it('has snippets that compile', () => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as { config: object };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const program = ts.createProgram(
      examples.map(({ file }) => join(folder, file)),
      { ...options, noEmit: true, types: ['node'], importHelpers: false },
    );
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ file, messageText }) => [
        file === undefined ? '' : relative(folder, file.fileName),
        ts.flattenDiagnosticMessageText(messageText, ' '),
      ]);
    expect(problems).toEqual([]);
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
