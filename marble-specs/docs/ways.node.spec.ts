import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = new URL('../../', import.meta.url);

/** The functions that ran, by way and by file. */
type Called = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** In another process, because the profiler resets the counters of a coverage. */
async function calledFunctions(): Promise<Called> {
  const env = { ...process.env };
  delete env['NODE_V8_COVERAGE'];
  const script = fileURLToPath(new URL('ways.node.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], { cwd: fileURLToPath(root), env });
  return JSON.parse(stdout) as Called;
}

/** The rows of the first table behind a text of ARCHITECTURE.md: the file, and the functions. */
function rowsBehind(page: string, text: string): [string, string[]][] {
  const [, behind = ''] = page.split(text);
  const [, , ...rows] = (/(?:^\|.*\n)+/m.exec(behind)?.[0] ?? '').trim().split('\n');
  return rows.map((row) => {
    const [, file = '', functions = ''] = row.split('|');
    return [
      file.replaceAll('`', '').trim(),
      [...functions.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replaceAll('· ', '')),
    ];
  });
}

const ways = [
  ['granted at once', 'when the lock is free'],
  ['waits', 'When the lock has a holder'],
  ['released', 'when a waiter is in the queue'],
] as const;

describe('ARCHITECTURE.md', () => {
  let page = '';
  let called: Called = {};

  beforeAll(async () => {
    [page, called] = await Promise.all([readFile(new URL('ARCHITECTURE.md', root), 'utf8'), calledFunctions()]);
  });

  for (const [way, text] of ways) {
    it(`names the files (six at most) and the functions of the way: ${way}`, () => {
      const rows = rowsBehind(page, text);
      const files = [...new Set(rows.map(([file]) => file))];
      expect(files.sort()).toEqual(Object.keys(called[way] ?? {}).sort());
      expect(files.length).toBeLessThanOrEqual(6);
      for (const [file, functions] of rows) {
        expect(functions).not.toEqual([]);
        for (const name of functions) {
          expect(called[way]?.[file]).toContain(name);
        }
      }
    });
  }
});
