import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// Completes the packages of Angular, which are compiled in part. It must be loaded before them.
import '@angular/compiler';
import type { InjectionToken } from '@angular/core';
import { BehaviorSubject, defer, finalize, map, of, range, Subject, take, timer, type Observable, type Subscription } from 'rxjs';
import { Lock, type Acquirable } from 'rxjs-locks';
import { WebLock } from 'rxjs-locks/web';

import { App } from '../angular/app.node.js';
import { heavy } from '../support/heavy.js';
import { itHasFakeLocks, replace, subscribe, turn, until, useLocks } from '../support/web-platform.js';
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

  it('syncs in one tab at a time', async () => {
    const { synced } = await exportsOf<{ synced: () => Observable<unknown> }>('synced');
    replace(globalThis, 'fetch', async (path: string) => {
      record.push(`${path} begins`);
      await turn();
      record.push(`${path} ends`);
    });
    for (let tab = 0; tab < 2; tab++) subscribe(synced());
    await until(() => record.length === 4);

    expect(record).toEqual(['/api/sync begins', '/api/sync ends', '/api/sync begins', '/api/sync ends']);
  });

  it('lets a tab make one request at a time', async () => {
    const { inTurn } = await exportsOf<{ inTurn: <T>(task: Observable<T>) => Observable<T> }>('inThisTab');
    const request = spyOn(navigator.locks, 'request').and.callThrough();
    for (const word of ['a', 'b']) subscribe(inTurn(of(word)), (each) => record.push(each));
    expect(request).toHaveBeenCalledTimes(1);
    await until(() => record.length === 2);

    expect(record).toEqual(['a', 'b']);
  });

  it('saves again after a loss, says when another tab saves, and goes on without Web Locks', async () => {
    const { save } = await exportsOf<{ save: (send: Observable<string>) => Observable<string> }>('saving');
    const answer = new Subject<string>();
    let attempts = 0;
    const send = defer(() => {
      attempts++;
      return answer.pipe(take(1));
    });
    subscribe(save(send), (each) => record.push(each));
    await until(() => answer.observed);
    subscribe(new WebLock('save').steal(), (permit) => {
      permit.release();
    });
    await until(() => attempts === 2);
    answer.next('saved');
    useLocks(undefined);
    subscribe(save(of('saved without Web Locks')), (each) => record.push(each));
    await until(() => record.length === 2);

    expect(record).toEqual(['saved', 'saved without Web Locks']);
  });

  it('chooses the lock of a refresh by the platform', async () => {
    const { REFRESH_LOCK } = await exportsOf<{ REFRESH_LOCK: InjectionToken<Acquirable> }>('REFRESH_LOCK');
    const lockOn = async (isServer: boolean): Promise<Acquirable> => {
      const app = await App.start({ isServer });
      const lock = app.injector.get(REFRESH_LOCK);
      app.destroy();
      return lock;
    };

    expect(await lockOn(false)).toBeInstanceOf(WebLock);
    expect(await lockOn(true)).toBeInstanceOf(Lock);
  });

  it('uploads at most four files at a time, however long the list is', async () => {
    const { uploaded } = await exportsOf<{
      uploaded: (files: Observable<number>, upload: (file: number) => Observable<string>) => Observable<string>;
    }>('uploaded');
    let inside = 0;
    let most = 0;
    const upload = (file: number): Observable<string> =>
      defer(() => {
        most = Math.max(most, ++inside);
        return timer(1).pipe(
          map(() => String(file)),
          finalize(() => inside--),
        );
      });
    subscribe(uploaded(range(12), upload), (each) => record.push(each));
    await until(() => record.length === 12);

    expect(most).toBe(4);
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

  it('says whether a tab may edit a document, and lets another tab take it over', async () => {
    const { mayEdit, takeOver } = await exportsOf<Record<'mayEdit' | 'takeOver', (id: string) => Observable<boolean>>>('mayEdit');
    const listen = (who: string, source: Observable<boolean>): Subscription =>
      subscribe(source, (may) => record.push(`${who}: ${String(may)}`));
    listen('first', mayEdit('7'));
    await turn();
    const thief = listen('second', takeOver('7'));
    await turn();
    listen('third', takeOver('7')).unsubscribe();
    await turn();
    thief.unsubscribe();
    await turn();

    expect(record.filter((word) => !word.startsWith('second'))).toEqual([
      'first: false',
      'first: true',
      'first: false',
      'first: true',
    ]);
    expect(record).toContain('second: true');
  });

  it('has a service that can be tested with a Lock', async () => {
    const { Saves } = await exportsOf<{
      Saves: new (lock: Acquirable) => { save: (send: Observable<string>) => Observable<string> };
    }>('class Saves');
    subscribe(new Saves(new Lock()).save(of('saved')), (each) => record.push(each));

    expect(record).toEqual(['saved']);
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
