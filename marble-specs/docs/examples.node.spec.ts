import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import ts from 'typescript';

import { heavy } from '../support/heavy.js';
import { itHasWebLocks } from '../support/web-platform.js';
import { folder, inDocstrings, inPage, outputOf, pages, removeFiles, root, writeFiles } from './examples.node.js';

heavy(describe)('The documentation', () => {
  itHasWebLocks();

  const docstrings = inDocstrings();
  const inPages = pages.flatMap(inPage);
  const examples = [...docstrings, ...inPages];
  let problems: Map<string, string[]>;

  beforeAll(() => {
    writeFiles(examples);
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as { config: object };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const program = ts.createProgram(
      examples.map(({ file }) => join(folder, file)),
      { ...options, noEmit: true, noUnusedLocals: false, types: ['node'], importHelpers: false },
    );
    problems = new Map();
    for (const { file, start, messageText } of ts.getPreEmitDiagnostics(program)) {
      const name = file === undefined ? '' : relative(folder, file.fileName);
      const line = file === undefined || start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
      const message = `line ${String(line)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      problems.set(name, [...(problems.get(name) ?? []), message]);
    }
  }, 120_000);

  afterAll(removeFiles);

  it('has examples', () => {
    expect(inPages.length).toBeGreaterThan(5);
    expect(docstrings.length).toBeGreaterThan(5);
  });

  for (const example of docstrings) {
    it(`has an example that compiles and runs: ${example.title}`, async () => {
      expect(problems.get(example.file) ?? []).toEqual([]);
      const printed = await outputOf(example);
      if (example.code.includes('console.log')) {
        expect(printed).not.toBe('');
      }
    });
  }

  for (const example of inPages) {
    it(`has an example that compiles, and prints the text below it: ${example.title}`, async () => {
      expect(problems.get(example.file) ?? []).toEqual([]);
      expect(await outputOf(example)).toBe(example.prints ?? '');
    });
  }
});
