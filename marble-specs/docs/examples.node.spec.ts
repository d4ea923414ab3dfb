import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import * as rxjs from 'rxjs';
import * as locks from 'rxjs-locks';
import * as operators from 'rxjs-locks/operators';
import ts from 'typescript';

import { heavy } from '../support/heavy.js';

/** A snippet of the documentation: a file of its own, beside the sources, so that it is resolved as they are. */
interface Example {
  readonly title: string;
  readonly file: string;
  readonly code: string;
  /** Snippets for Angular need an injector: they are compiled, and the demo runs their like. */
  readonly runs: boolean;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, '.examples');

/** The examples of a docstring leave their imports out. */
function importsOf(code: string): string {
  const modules: Record<string, object> = { rxjs, 'rxjs-locks': locks, 'rxjs-locks/operators': operators };
  return Object.entries(modules)
    .map(([name, exported]) => {
      const used = Object.keys(exported).filter(
        (each) => new RegExp(`\\b${each}\\b(?!['"])`).test(code) && !new RegExp(`\\b(?:const|function|class) ${each}\\b`).test(code),
      );
      return `import { ${used.join(', ')} } from '${name}';`;
    })
    .join('\n');
}

function inDocstrings(): Example[] {
  return ['lib', 'lib/internal', 'operators'].flatMap((directory) =>
    readdirSync(join(root, directory))
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const text = readFileSync(join(root, directory, name), 'utf8');
        const examples = [...text.matchAll(/\* @example\n((?: *\*.*\n)+?)(?= *\*(?:\/| @))/g)];
        return examples.map(([, lines = ''], index) => {
          const code = lines.replace(/^ *\* ?/gm, '');
          const body = code.replace(/^import .* from '(?:rxjs|rxjs-locks).*$/gm, '');
          return {
            title: `${directory}/${name}, example ${String(index + 1)}`,
            file: `${directory.replace('/', '-')}-${name.replace('.ts', '')}-${String(index + 1)}.ts`,
            code: `${importsOf(body)}\n${body}export {};\n`,
            runs: true,
          };
        });
      }),
  );
}

function inReadme(): Example[] {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  return [...text.matchAll(/^### (.*)$|^## (.*)$|^```ts\n([\s\S]*?)^```$/gm)].reduce<{ heading: string; examples: Example[] }>(
    ({ heading, examples }, [, section, chapter, code]) =>
      code === undefined
        ? { heading: section ?? chapter ?? heading, examples }
        : {
            heading,
            examples: [
              ...examples,
              {
                title: `README, ${heading}`,
                file: `readme-${String(examples.length + 1)}.ts`,
                code: `${code}export {};\n`,
                runs: !code.includes('@angular/'),
              },
            ],
          },
    { heading: '', examples: [] },
  ).examples;
}

heavy(describe)('The documentation', () => {
  const examples = [...inDocstrings(), ...inReadme()];
  const { log } = console;
  let problems: Map<string, string[]>;
  let printed: number;

  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const { file, code } of examples) {
      writeFileSync(join(folder, file), code);
    }
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as { config: object };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const program = ts.createProgram(
      examples.map(({ file }) => join(folder, file)),
      { ...options, noEmit: true, noUnusedLocals: false, types: ['node'], importHelpers: false },
    );
    console.log = () => {
      printed++;
    };
    problems = new Map();
    for (const { file, start, messageText } of ts.getPreEmitDiagnostics(program)) {
      const name = file === undefined ? '' : relative(folder, file.fileName);
      const line = file === undefined || start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
      const message = `line ${String(line)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      problems.set(name, [...(problems.get(name) ?? []), message]);
    }
  }, 120_000);

  afterAll(async () => {
    // One example prints as its timers fire.
    await new Promise((resolve) => setTimeout(resolve, 100));
    console.log = log;
    rmSync(folder, { recursive: true, force: true });
    locks.captureContext(undefined);
  });

  it('has examples', () => {
    expect(examples.filter(({ title }) => title.startsWith('README')).length).toBeGreaterThan(5);
    expect(examples.filter(({ title }) => !title.startsWith('README')).length).toBeGreaterThan(5);
  });

  for (const { title, file, code, runs } of examples) {
    it(`has an example that compiles${runs ? ' and runs' : ''}: ${title}`, async () => {
      expect(problems.get(file) ?? []).toEqual([]);
      if (runs) {
        printed = 0;
        await expectAsync(import(pathToFileURL(join(folder, file)).href)).toBeResolved();
        if (code.includes('console.log')) {
          expect(printed).toBeGreaterThan(0);
        }
      }
    });
  }
});
