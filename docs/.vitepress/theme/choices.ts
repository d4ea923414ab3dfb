/** The questions of the chooser, and the answers that they lead to. */

type What = 'one' | 'some' | 'key' | 'readers' | 'signal' | 'condition' | 'meet';
type Where = 'process' | 'tabs' | 'machines';
type How = 'pipe' | 'await';
type Busy = 'wait' | 'skip' | 'error';

/** What the reader has chosen so far. */
export interface Choice {
  readonly what?: What;
  readonly where?: Where;
  readonly how?: How;
  readonly busy?: Busy;
}

export interface Question {
  readonly id: keyof Choice;
  readonly text: string;
  readonly options: readonly { readonly id: string; readonly text: string }[];
}

export interface Answer {
  readonly name: string;
  readonly code: string;
  /** The page of the API reference. */
  readonly page: string;
  /** What the code does not say. */
  readonly note: string;
}

const what: Question = {
  id: 'what',
  text: 'What do your tasks need?',
  options: [
    { id: 'one', text: 'One task at a time' },
    { id: 'some', text: 'At most n tasks at a time' },
    { id: 'key', text: 'One task at a time for each key: a document, a user, a file' },
    { id: 'readers', text: 'Many readers at a time, or one writer alone' },
    { id: 'signal', text: 'To wait until something is switched on: online, logged in' },
    { id: 'condition', text: 'To wait until what a lock protects has changed: a buffer has room' },
    { id: 'meet', text: 'To wait for each other, step by step' },
  ],
};

const where: Question = {
  id: 'where',
  text: 'Where do they run?',
  options: [
    { id: 'process', text: 'In one page or one process' },
    { id: 'tabs', text: 'In all tabs and workers of an origin' },
    { id: 'machines', text: 'In several processes, or on several machines' },
  ],
};

const how: Question = {
  id: 'how',
  text: 'How is a task written?',
  options: [
    { id: 'pipe', text: 'As a pipe of RxJS' },
    { id: 'await', text: 'With async and await' },
  ],
};

const busy: Question = {
  id: 'busy',
  text: 'What if a task would have to wait?',
  options: [
    { id: 'wait', text: 'It waits' },
    { id: 'skip', text: 'It is skipped' },
    { id: 'error', text: 'It fails' },
  ],
};

/** The questions that are open or answered. The primitives that wait for an event exist in one process only. */
export function questionsFor(choice: Choice): readonly Question[] {
  if (choice.what === undefined) return [what];
  return isExclusive(choice.what) ? [what, where, how, busy] : [what, how];
}

/** The answer, as soon as all questions have one. */
export function answerFor(choice: Choice): Answer | undefined {
  if (questionsFor(choice).some(({ id }) => choice[id] === undefined)) return undefined;
  const { what = 'one', where = 'process', how = 'pipe', busy = 'wait' } = choice;
  return isExclusive(what) ? exclusiveAnswer(excluders[what][where], how, busy, where) : { note: '', ...waits[what][how] };
}

type Exclusive = 'one' | 'some' | 'key' | 'readers';

function isExclusive(what: What): what is Exclusive {
  return what in excluders;
}

/** Something that is acquired. */
interface Excluder {
  readonly name: string;
  readonly from: string;
  /** The expression that makes it. */
  readonly made: string;
  /** What a task acquires, if it is not the whole. */
  readonly part?: string;
  readonly note?: string;
}

const orPostgres = 'PostgresLock in rxjs-locks/postgres does the same with a PostgreSQL server.';
const readAndWrite = 'Readers acquire lock.read, and writers acquire lock.write.';

const excluders: Readonly<Record<Exclusive, Readonly<Record<Where, Excluder>>>> = {
  one: {
    process: { name: 'Lock', from: 'rxjs-locks', made: 'new Lock()' },
    tabs: { name: 'WebLock', from: 'rxjs-locks/web', made: "new WebLock('save')" },
    machines: { name: 'RedisLock', from: 'rxjs-locks/redis', made: "new RedisLock(client, 'save')", note: orPostgres },
  },
  some: {
    process: { name: 'Semaphore', from: 'rxjs-locks', made: 'new Semaphore(3)' },
    tabs: { name: 'WebSemaphore', from: 'rxjs-locks/web', made: "new WebSemaphore('save', 3)" },
    machines: { name: 'RedisSemaphore', from: 'rxjs-locks/redis', made: "new RedisSemaphore(client, 'save', 3)" },
  },
  key: {
    process: { name: 'KeyedLock', from: 'rxjs-locks', made: 'new KeyedLock<string>()', part: '.get(id)' },
    tabs: { name: 'WebKeyedLock', from: 'rxjs-locks/web', made: "new WebKeyedLock('document')", part: '.get(id)' },
    machines: { name: 'RedisLock', from: 'rxjs-locks/redis', made: 'new RedisLock(client, `document:${id}`)', note: orPostgres },
  },
  readers: {
    process: { name: 'ReadWriteLock', from: 'rxjs-locks', made: 'new ReadWriteLock()', part: '.write', note: readAndWrite },
    tabs: {
      name: 'WebReadWriteLock',
      from: 'rxjs-locks/web',
      made: "new WebReadWriteLock('save')",
      part: '.write',
      note: readAndWrite,
    },
    machines: {
      name: 'RedisLock',
      from: 'rxjs-locks/redis',
      made: "new RedisLock(client, 'save')",
      note: 'There is no lock for readers and writers over machines. With this one, readers exclude each other too.',
    },
  },
};

function exclusiveAnswer(excluder: Excluder, how: How, busy: Busy, where: Where): Answer {
  const { name, from, made, part = '', note = '' } = excluder;
  const variable = name.endsWith('Semaphore') ? 'semaphore' : part === '.get(id)' ? 'locks' : 'lock';
  const acquired = variable + part;
  const { imports, lines } = how === 'pipe' ? pipeCode(variable, acquired, busy) : awaitCode(acquired, busy, where);
  const named = imports.get(from) ?? [];
  const all = new Map([...imports, [from, [name, ...named]]]);
  const code = [importsOf(all), `const ${variable} = ${made};`, '', ...lines].join('\n');
  return { name, code, page: `api/${from}/classes/${name}`, note };
}

interface Code {
  readonly imports: ReadonlyMap<string, readonly string[]>;
  readonly lines: readonly string[];
}

function pipeCode(variable: string, acquired: string, busy: Busy): Code {
  const operator = variable === 'semaphore' ? 'throttleBySemaphore' : 'withLock';
  const first = operator === 'withLock' ? acquired : `${acquired}, save`;
  const options = busy === 'wait' ? '' : `, { whenBusy: '${busy}' }`;
  const source = operator === 'withLock' ? 'save(draft)' : 'drafts';
  return {
    imports: new Map([['rxjs-locks/operators', [operator]]]),
    lines: [`${source}.pipe(${operator}(${first}${options})).subscribe();`],
  };
}

function awaitCode(acquired: string, busy: Busy, where: Where): Code {
  if (busy === 'wait') return { imports: new Map(), lines: [`await ${acquired}.run(async () => send(draft));`] };
  const isAsync = where !== 'process';
  const tried = isAsync ? `await firstValueFrom(${acquired}.tryAcquire())` : `${acquired}.tryAcquire()`;
  const task = ['try {', '  await send(draft);', '} finally {', '  permit.release();', '}'];
  const rxjs: [string, string[]][] = isAsync ? [['rxjs', ['firstValueFrom']]] : [];
  return busy === 'skip'
    ? {
        imports: new Map(rxjs),
        lines: [`const permit = ${tried};`, 'if (permit !== null) {', ...task.map((line) => `  ${line}`), '}'],
      }
    : {
        imports: new Map([...rxjs, ['rxjs-locks', ['BusyError']]]),
        lines: [`const permit = ${tried};`, "if (permit === null) throw new BusyError('another save is running');", ...task],
      };
}

function importsOf(imports: ReadonlyMap<string, readonly string[]>): string {
  return [...imports]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([from, names]) => `import { ${[...names].sort().join(', ')} } from '${from}';\n`)
    .join('');
}

const waits: Readonly<Record<Exclude<What, Exclusive>, Readonly<Record<How, Omit<Answer, 'note'>>>>> = {
  signal: {
    pipe: {
      name: 'Event',
      page: 'api/rxjs-locks/operators/functions/waitForEvent',
      code: `import { Event } from 'rxjs-locks';
import { waitForEvent } from 'rxjs-locks/operators';

const online = new Event();

save(draft).pipe(waitForEvent(online)).subscribe();
online.set();`,
    },
    await: {
      name: 'Event',
      page: 'api/rxjs-locks/classes/Event',
      code: `import { firstValueFrom } from 'rxjs';
import { Event } from 'rxjs-locks';

const online = new Event();

await firstValueFrom(online.wait());
await send(draft);`,
    },
  },
  condition: {
    pipe: {
      name: 'Condition',
      page: 'api/rxjs-locks/operators/functions/withCondition',
      code: `import { Condition } from 'rxjs-locks';
import { withCondition } from 'rxjs-locks/operators';

const buffer: string[] = [];
const changed = new Condition();

save(draft).pipe(withCondition(changed, () => buffer.length < 10)).subscribe();`,
    },
    await: {
      name: 'Condition',
      page: 'api/rxjs-locks/classes/Condition',
      code: `import { firstValueFrom } from 'rxjs';
import { Condition } from 'rxjs-locks';

const buffer: string[] = [];
const changed = new Condition();

await changed.run(async (permit) => {
  await firstValueFrom(changed.waitFor(() => buffer.length < 10, { permit }));
  buffer.push(draft);
  changed.notifyAll();
});`,
    },
  },
  meet: {
    pipe: {
      name: 'Barrier',
      page: 'api/rxjs-locks/operators/functions/meetAtBarrier',
      code: `import { Barrier } from 'rxjs-locks';
import { meetAtBarrier } from 'rxjs-locks/operators';

const barrier = new Barrier(2);

drafts.pipe(meetAtBarrier(barrier)).subscribe();`,
    },
    await: {
      name: 'Barrier',
      page: 'api/rxjs-locks/classes/Barrier',
      code: `import { firstValueFrom } from 'rxjs';
import { Barrier } from 'rxjs-locks';

const barrier = new Barrier(2);

await firstValueFrom(barrier.wait());
await send(draft);`,
    },
  },
};
