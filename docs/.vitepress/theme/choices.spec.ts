import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as locks from 'rxjs-locks';
import * as redis from 'rxjs-locks/redis';
import * as web from 'rxjs-locks/web';
import ts from 'typescript';

import { answerFor, questionsFor, type Answer, type Choice } from './choices';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** All ways through the questions. */
function waysFrom(choice: Choice): readonly Choice[] {
  const open = questionsFor(choice).find(({ id }) => choice[id] === undefined);
  return open === undefined ? [choice] : open.options.flatMap((option) => waysFrom({ ...choice, [open.id]: option.id }));
}

const ways = waysFrom({});
const answers = new Map(ways.map((way) => [Object.values(way).join(', '), answerFor(way)]));

/** What the code of an answer takes from the code around it. */
const surroundings = `
import type { Observable } from 'rxjs';
import type { RedisClient } from 'rxjs-locks/redis';
declare global {
  const client: RedisClient;
  const id: string;
  const draft: string;
  const drafts: Observable<string>;
  const save: (draft: string) => Observable<void>;
  const send: (draft: string) => Promise<void>;
}
`;

/** Compiles programs that exist in memory only. Returns what the compiler says of each. */
function problemsIn(programs: ReadonlyMap<string, string>): readonly string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, target) => {
    const text = programs.get(name);
    return text === undefined ? read(name, target) : ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram([...programs.keys()], { ...options, noEmit: true, importHelpers: false }, host);
  return [...programs.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ messageText }) => `${programs.get(name) ?? ''}\n${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
}

describe('answerFor', () => {
  it('answers each way through the questions, and only at its end', () => {
    expect(ways.length).toBe(4 * 3 * 2 * 3 + 3 * 2);
    for (const [way, answer] of answers) {
      expect(answer).withContext(way).toBeDefined();
    }
    expect(answerFor({})).toBeUndefined();
    expect(answerFor({ what: 'one', where: 'tabs', how: 'pipe' })).toBeUndefined();
  });

  it('names exports of the package', () => {
    const names = new Set([...answers.values()].map((answer) => answer?.name));

    expect([...names].filter((name) => !Object.keys({ ...locks, ...redis, ...web }).includes(name ?? ''))).toEqual([]);
    expect(names).toContain('WebReadWriteLock');
  });

  it('has code that compiles', () => {
    const codes = new Set([...answers.values()].map((answer) => answer?.code ?? ''));
    const programs = [...codes].map(
      (code, index) => [join(root, `answer-${String(index)}.ts`), `${code}\nexport {};\n`] as const,
    );

    expect(programs.length).toBeGreaterThan(50);
    expect(problemsIn(new Map([...programs, [join(root, 'surroundings.ts'), surroundings]]))).toEqual([]);
  }, 60_000);

  it('does what was chosen if a task would have to wait', () => {
    for (const [way, { code }] of [...answers] as [string, Answer][]) {
      const expected = { skip: /whenBusy: 'skip'|permit !== null/, error: /whenBusy: 'error'|BusyError/ };
      for (const [busy, pattern] of Object.entries(expected)) {
        expect(pattern.test(code)).withContext(way).toBe(way.endsWith(busy));
      }
    }
  });

  it('leads to pages of the API reference', () => {
    const pages = new Set([...answers.values()].map((answer) => answer?.page ?? ''));
    const docs = join(dirname(fileURLToPath(import.meta.url)), '../..');

    expect([...pages].filter((page) => !existsSync(join(docs, `${page}.md`)))).toEqual([]);
  });
});
