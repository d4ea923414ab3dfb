import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { BehaviorSubject, defer, finalize, Subject, timer, type Observable, type Subscription } from 'rxjs';

import { heavy } from '../support/heavy.js';
import { dispatch, itHasFakeLocks, replace, subscribe, turn, until } from '../support/web-platform.js';
import { inGuide, load, problemsOf, removeFiles, root, writeFiles } from './examples.node.js';

const examples = inGuide('tabs');

heavy(describe)('The guide for tabs', () => {
  itHasFakeLocks();
  const record: string[] = [];

  beforeAll(() => {
    writeFiles(examples);
  });

  afterAll(removeFiles);

  beforeEach(() => {
    record.length = 0;
  });

  /** What the snippet exports that contains a text. */
  async function exportsOf<T>(part: string): Promise<T> {
    const example = examples.find(({ code }) => code.includes(part));
    if (example === undefined) {
      throw new Error(`no snippet has ${part}`);
    }
    return (await load(example)) as T;
  }

  it('has snippets that compile', () => {
    expect(problemsOf(examples)).toEqual([]);
  }, 60_000);

  it('shows the recipe that the specs run in real tabs', () => {
    const recipe = readFileSync(join(root, 'marble-specs/web/tabs/token-recipe.ts'), 'utf8');

    expect(examples.map(({ code }) => code)).toContain(recipe);
  });

  it('lets a tab make one request at a time', async () => {
    const { synced } = await exportsOf<{ synced: (sync: () => Promise<string>) => Observable<string> }>('inThisTab');
    const request = spyOn(navigator.locks, 'request').and.callThrough();
    const answers = ['a', 'b'].map((each) => synced(() => Promise.resolve(each)));
    for (const answer of answers) {
      answer.subscribe((each) => record.push(each));
    }
    expect(request).toHaveBeenCalledTimes(1);
    await until(() => record.length === 2);

    expect(record).toEqual(['a', 'b']);
  });

  it('shares the messages of one connection, and connects anew in the next leader', async () => {
    const { sharedMessages } = await exportsOf<{
      sharedMessages: <T>(name: string, connect: Observable<T>) => Observable<T>;
    }>('sharedMessages');
    const socket = new Subject<string>();
    let connections = 0;
    const connect = defer(() => {
      connections++;
      return socket;
    });
    const tabs = ['a', 'b'].map((tab): Subscription =>
      subscribe(sharedMessages('news', connect), (message) => {
        record.push(`${tab}: ${message}`);
      }),
    );
    await until(() => socket.observed);
    socket.next('first');
    await until(() => record.length === 2);
    tabs[0]?.unsubscribe();
    await until(() => connections === 2);
    socket.next('second');
    await until(() => record.length === 3);

    expect(record).toEqual(['a: first', 'b: first', 'b: second']);
    tabs[1]?.unsubscribe();
  });

  it('leads only while the tab is visible', async () => {
    const events = new EventEmitter();
    const state = new BehaviorSubject('visible');
    replace(globalThis, 'document', {
      get visibilityState() {
        return state.value;
      },
      addEventListener: events.on.bind(events),
      removeEventListener: events.off.bind(events),
    });
    const { leadsWhileVisible } = await exportsOf<{ leadsWhileVisible: Observable<boolean> }>('leadsWhileVisible');
    subscribe(leadsWhileVisible, (leads) => record.push(String(leads)));
    await turn();
    state.next('hidden');
    events.emit('visibilitychange');
    await turn();
    state.next('visible');
    events.emit('visibilitychange');
    await turn();

    expect(record).toEqual(['false', 'true', 'false', 'true']);
  });

  it('sends an offline queue once', async () => {
    const { flush } = await exportsOf<{
      flush: (outbox: object, send: (edit: string, signal: AbortSignal) => Promise<unknown>) => Promise<void>;
    }>('Outbox');
    const edits = ['a', 'b', 'c'];
    const outbox = {
      first: () => Promise.resolve(edits[0]),
      remove: (edit: string) => Promise.resolve(edits.splice(edits.indexOf(edit), 1)),
    };
    const send = async (edit: string): Promise<void> => {
      await turn();
      record.push(edit);
    };
    await Promise.all([flush(outbox, send), flush(outbox, send), flush(outbox, send)]);

    expect(record).toEqual(['a', 'b', 'c']);
  });

  it('says whether a document is open in another tab, until the lock is lost', async () => {
    const { editing } = await exportsOf<{ editing: (id: string) => Observable<string> }>('editing');
    const first = subscribe(editing('7'), (where) => record.push(`first: ${where}`));
    await turn();
    subscribe(editing('7'), (where) => record.push(`second: ${where}`));
    await turn();
    first.unsubscribe();
    await turn();
    subscribe(editing('7'), (where) => record.push(`third: ${where}`));
    await turn();
    dispatch('freeze');
    dispatch('resume');

    expect(record).toEqual(['first: here', 'second: in another tab', 'third: here', 'third: in another tab']);
  });

  it('lets all tabs wait for a migration', async () => {
    type Run = <T>(task: () => Observable<T>) => Observable<T>;
    const { work, migrate } = await exportsOf<{ work: Run; migrate: Run }>('migrate');
    const task = (word: string) => (): Observable<unknown> => {
      record.push(`${word} begins`);
      return timer(1).pipe(finalize(() => record.push(`${word} ends`)));
    };
    for (const each of [work(task('a')), work(task('b')), migrate(task('migration')), work(task('c'))]) {
      subscribe(each);
    }
    await until(() => record.includes('c ends'));

    expect(record.filter((word) => !/^[ab] /.test(word))).toEqual(['migration begins', 'migration ends', 'c begins', 'c ends']);
    expect(record.slice(0, 2)).toEqual(['a begins', 'b begins']);
  });
});
