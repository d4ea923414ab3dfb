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

  it('names the options with their defaults', () => {
    const options = readFileSync(join(root, 'lib/redis/internal/arguments.ts'), 'utf8');
    const [, defaults = ''] = /const \{ (.*) \} = options;/.exec(options) ?? [];
    const rows = [...text.matchAll(/^\| `(\w+)` \| (?:([\d,]+) ms|`('.*?')`) \|/gm)].map(
      ([, name = '', time, prefix]) => `${name} = ${prefix ?? time?.replace(/,000$/, time === '1,000' ? '000' : '_000') ?? ''}`,
    );
    expect(rows.join(', ')).toBe(defaults);
  });
});
