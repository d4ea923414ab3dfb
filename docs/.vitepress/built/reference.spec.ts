import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

import { parse } from '../marbles/parse';
import { entryPoints } from '../reference/entry-points.mjs';
import { folder, read } from './site';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const reference = join(root, 'docs/api');

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as { config: object };
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);

describe('the API reference', () => {
  const pages = readdirSync(reference, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
  const program = ts.createProgram(
    entryPoints.map(({ path }) => join(root, path)),
    options,
  );
  const checker = program.getTypeChecker();

  /** The names that a module exports. */
  function namesIn(path: string): readonly string[] {
    const file = program.getSourceFile(path);
    const symbol = file && checker.getSymbolAtLocation(file);
    return symbol === undefined ? [] : checker.getExportsOfModule(symbol).map(({ name }) => name);
  }

  for (const { name, path } of entryPoints) {
    it(`has a page for each export of ${name}`, () => {
      const names = namesIn(join(root, path));
      const index = readFileSync(join(reference, name, 'index.md'), 'utf8');
      // An alias stands in the index, and has no page of its own.
      const missing = names.filter((each) => {
        const ofName = pages.filter(
          (page) => page.startsWith(`${name}/`) && new RegExp(`^[a-z-]+/${each}\\.md$`).test(page.slice(name.length + 1)),
        );
        return ofName.length === 0 && !index.includes(`### ${each}\n\nRenames and re-exports`);
      });

      expect(names.length).toBeGreaterThan(0);
      expect(missing).toEqual([]);
    });
  }

  it('shows nothing that only the library itself can name', () => {
    const ofUsers = new Set(entryPoints.flatMap(({ path }) => namesIn(join(root, path))));
    const internal = program
      .getSourceFiles()
      .map(({ fileName }) => fileName)
      .filter((file) => file.startsWith(join(root, 'lib/')) && file.includes('/internal/'))
      .flatMap(namesIn)
      // Names in lower case are words of sentences too.
      .filter((name) => /^[A-Z]\w*[a-z]\w*[A-Z]/.test(name) && !ofUsers.has(name));
    const leaks = pages.flatMap((page) => {
      const text = readFileSync(join(reference, page), 'utf8');
      return [...internal, '@internal', 'lib/internal']
        .filter((name) => new RegExp(`(?<!\\w)${name}\\b`).test(text))
        .map((name) => `${page}: ${name}`);
    });

    expect(internal.length).toBeGreaterThan(20);
    expect(leaks).toEqual([]);
  });

  it('has no page with a hole', () => {
    const holes = pages.flatMap((page) => {
      // The type and the value `undefined` stand in code, and not alone in a cell of a table.
      const text = readFileSync(join(reference, page), 'utf8').replaceAll(/^```.*?^```$|(?<!\| )`[^`\n]*`/gms, '');
      return /\bundefined\b|\[object |\bNaN\b/.test(text) ? [page] : [];
    });

    expect(holes).toEqual([]);
  });

  it('describes each class, function, interface and type', () => {
    const bare = pages.filter((page) => {
      if (page.endsWith('index.md')) return false;
      const [, body = ''] = readFileSync(join(reference, page), 'utf8').split(/^# .+$/m);
      const prose = body.replaceAll(/^```.*?^```$/gms, '').split(/^#{2,} (?!Call Signature)/m)[0] ?? '';
      return !/\w+ \w+.*[.:]/.test(prose);
    });

    expect(bare).toEqual([]);
  });

  it('draws each marble diagram of the docstrings', () => {
    for (const page of pages) {
      const blocks = [...readFileSync(join(reference, page), 'utf8').matchAll(/^```(\w*)\n(.*?)^```$/gms)];
      const texts = blocks.flatMap(([, language = '', text = '']) => (['', 'text'].includes(language) ? [text] : []));
      const diagrams = texts.filter((text) => /--|\(\w\|\)|==/.test(text));
      const html = page.replace(/\.md$/, '.html');

      expect(diagrams.filter((text) => parse(text) === undefined))
        .withContext(page)
        .toEqual([]);
      expect(existsSync(join(folder, 'api', html)))
        .withContext(html)
        .toBeTrue();
      expect(read(`api/${html}`).split('<svg role="img"').length - 1)
        .withContext(html)
        .toBe(diagrams.length);
    }
  });
});
