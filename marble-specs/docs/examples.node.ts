/**
 * The snippets of the documentation: where they are, what they should print, and what they print.
 *
 * A snippet of a page that prints is followed by a block of text with what it prints:
 *
 * ```ts
 * console.log('saved');
 * ```
 *
 * ```text
 * saved
 * ```
 *
 * `examples.node.spec.ts` compares the two, and `npm run docs:print` writes the second.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format } from 'node:util';

// Node needs this to load Angular, whose packages are only partly compiled. No snippet needs an injector.
import '@angular/compiler';
import * as rxjs from 'rxjs';
import * as locks from 'rxjs-locks';
import * as operators from 'rxjs-locks/operators';
import * as postgres from 'rxjs-locks/postgres';
import * as redis from 'rxjs-locks/redis';
import * as testing from 'rxjs-locks/testing';
import * as web from 'rxjs-locks/web';
import * as rxjsTesting from 'rxjs/testing';
import ts from 'typescript';

/** A snippet becomes a file in this repository, so that its imports resolve as those of the sources do. */
export interface Example {
  readonly title: string;
  readonly file: string;
  readonly code: string;
}

/** A snippet of a page, with the block of text after it, if there is one. */
export interface PageExample extends Example {
  readonly prints: string | undefined;
}

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const folder = join(root, '.examples');

/** These guides need an application or a server: a spec of their own loads their snippets. */
const guides = ['angular', 'nestjs', 'servers', 'tabs'].map((name) => `docs/${name}.md`);

/** The pages whose snippets run by themselves. */
export const pages: readonly string[] = [
  'README.md',
  'ARCHITECTURE.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
].filter((page) => !guides.includes(page));

/** The imports for the example of a docstring, which has none of its own. */
function importsOf(code: string): string {
  const modules: Record<string, object> = {
    rxjs,
    'rxjs/testing': rxjsTesting,
    'rxjs-locks': locks,
    'rxjs-locks/operators': operators,
    'rxjs-locks/postgres': postgres,
    'rxjs-locks/redis': redis,
    'rxjs-locks/testing': testing,
    'rxjs-locks/web': web,
  };
  return Object.entries(modules)
    .map(([name, exported]) => {
      const used = Object.keys(exported).filter(
        (each) =>
          new RegExp(`\\b${each}\\b(?!['"])`).test(code) && !new RegExp(`\\b(?:const|function|class) ${each}\\b`).test(code),
      );
      return `import { ${used.join(', ')} } from '${name}';`;
    })
    .join('\n');
}

export function inDocstrings(): Example[] {
  return ['lib', 'operators'].flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .flatMap((name) => {
        const path = `${directory}/${name.replaceAll(sep, '/')}`;
        const text = readFileSync(join(root, path), 'utf8');
        const examples = [...text.matchAll(/\* @example\n((?: *\*.*\n)+?)(?= *\*(?:\/| @))/g)];
        return examples.map(([, lines = ''], index) => {
          const code = lines.replace(/^ *\* ?/gm, '');
          const body = code.replace(/^import .* from '(?:rxjs|rxjs-locks).*$/gm, '');
          return {
            title: `${path}, example ${String(index + 1)}`,
            file: `${path.replaceAll('/', '-').replace('.ts', '')}-${String(index + 1)}.ts`,
            code: `${importsOf(body)}\n${body}export {};\n`,
          };
        });
      }),
  );
}

/** A block of TypeScript, with the block of text after it, if there is one. */
const block = /^```ts\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm;

export function inPage(page: string): PageExample[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(block)].map((match, index) => {
    const [, code = '', prints] = match;
    const heading = [...text.slice(0, match.index).matchAll(/^##+ (.*)$/gm)].at(-1)?.[1] ?? '';
    return {
      title: `${page}, snippet ${String(index + 1)}, ${heading}`,
      file: `${page.replaceAll('/', '-').replace('.md', '')}-${String(index + 1)}.ts`,
      code: `${code}export {};\n`,
      prints,
    };
  });
}

/** The snippets of a guide in `docs`. */
export function inGuide(name: string): Example[] {
  const text = readFileSync(join(root, `docs/${name}.md`), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ''], index) => ({
    title: `snippet ${String(index + 1)}`,
    file: `${name}-${String(index + 1)}.ts`,
    code,
  }));
}

/** Compiles examples that are written already, by the settings of this repository. Returns what the compiler says. */
export function problemsOf(examples: readonly Example[]): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(
    examples.map(({ file }) => join(folder, file)),
    { ...options, noEmit: true, importHelpers: false },
  );
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${relative(folder, file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

/** Replaces all blocks of text of a page. */
export function writeInto(page: string, printed: readonly string[]): void {
  let index = 0;
  const written = readFileSync(join(root, page), 'utf8').replace(block, (_block, code: string) => {
    const text = printed[index++] ?? '';
    return `\`\`\`ts\n${code}\`\`\`\n${text === '' ? '' : `\n\`\`\`text\n${text}\`\`\`\n`}`;
  });
  writeFileSync(join(root, page), written);
}

export function writeFiles(examples: readonly Example[]): void {
  removeFiles();
  mkdirSync(folder, { recursive: true });
  for (const { file, code } of examples) {
    writeFileSync(join(folder, file), code);
  }
}

export function removeFiles(): void {
  rmSync(folder, { recursive: true, force: true });
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
}

/** Runs an example at the first call. Returns what it exports. */
export function load({ file }: Example): Promise<object> {
  return import(pathToFileURL(join(folder, file)).href) as Promise<object>;
}

/** Runs an example until its last timer has ended. Returns what it prints. */
export async function outputOf(example: Example): Promise<string> {
  const { log } = console;
  let printed = '';
  const before = timers();
  console.log = (...values) => {
    printed += `${format(...values)}\n`;
  };
  try {
    await load(example);
    do {
      await setTimeout(1);
    } while (timers() > before);
  } finally {
    console.log = log;
    locks.captureContext(undefined);
  }
  return printed;
}
