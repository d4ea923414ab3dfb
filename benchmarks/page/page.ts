/** What runs in Chrome: an Angular application without a component, whose `HttpClient` sends the requests. */
// The packages of Angular are compiled in part, and an application's build does the rest: here it is done as they load.
import '@angular/compiler';

import {
  HttpClient,
  provideHttpClient,
  withFetch,
  withInterceptors,
  type HttpErrorResponse,
  type HttpInterceptorFn,
} from '@angular/common/http';
import { createApplication } from '@angular/platform-browser';
import { finalize, lastValueFrom, mergeMap, range, tap, type Observable, type OperatorFunction } from 'rxjs';
import { Semaphore } from 'rxjs-locks';
import { throttleBySemaphore } from 'rxjs-locks/operators';

import { must } from '../harness/work.js';
import {
  itemOf,
  OURS,
  pathOf,
  PERMITS,
  REQUESTS,
  THEIRS,
  UNLIMITED,
  type Backend,
  type Benchmark,
  type Contestant,
  type Item,
  type Order,
  type Run,
} from './protocol.js';

/** Milliseconds after which a run has got stuck. */
const PATIENCE = 60_000;

type Get = (id: number) => Observable<Item>;

/** Counts the requests that `HttpClient` has under way. */
class InFlight {
  most = 0;
  private running = 0;

  readonly interceptor: HttpInterceptorFn = (request, next) => {
    this.most = Math.max(this.most, ++this.running);
    return next(request).pipe(finalize(() => this.running--));
  };

  begin(): void {
    must(this.running === 0, `${String(this.running)} requests of the run before were under way`);
    this.most = 0;
  }
}

/** Of https://w3c.github.io/long-animation-frames: the types of the DOM do not know it yet. */
interface Frame extends PerformanceEntry {
  /** By how much its tasks exceed 50 ms each. */
  readonly blockingDuration: number;
}

/**
 * The tasks that block the thread for 50 ms or more. Chrome's `longtask` does not see those that only promises have run,
 * such as what follows an answer to `fetch`; the long animation frames do.
 */
class LongTasks {
  private readonly seen: PerformanceEntry[] = [];
  private readonly observer = new PerformanceObserver((list) => {
    this.seen.push(...list.getEntries());
  });

  constructor() {
    this.observer.observe({ type: 'longtask' });
    this.observer.observe({ type: 'long-animation-frame' });
  }

  /** How long those took that ran between `start` and `end`, in whole or in part. */
  async between(start: number, end: number): Promise<number[]> {
    await pause(100); // a task is reported some time after it has ended
    this.seen.push(...this.observer.takeRecords());
    const entries = this.seen.splice(0).filter(overlaps(start, end));
    const tasks = entries.filter(({ entryType }) => entryType === 'longtask');
    const frames = entries.filter(
      (entry): entry is Frame =>
        entry.entryType === 'long-animation-frame' && !tasks.some(overlaps(entry.startTime, entry.startTime + entry.duration)),
    );
    const blocked = frames.map(({ blockingDuration }) => blockingDuration).filter((beyond) => beyond > 0);
    return [...tasks.map(({ duration }) => duration), ...blocked.map((beyond) => 50 + beyond)];
  }
}

function overlaps(start: number, end: number): (entry: PerformanceEntry) => boolean {
  return ({ startTime, duration }) => startTime < end && startTime + duration > start;
}

class HttpBenchmark implements Benchmark {
  private readonly longTasks = new LongTasks();

  constructor(
    private readonly http: HttpClient,
    private readonly inFlight: InFlight,
  ) {}

  async run({ contestant, run, origins }: Order): Promise<Run> {
    const urls = Array.from({ length: REQUESTS }, (_, id) => `${origins[id % origins.length] ?? ''}${pathOf(run, id)}`);
    const { operator, isFree } = limited(contestant, (id) => this.http.get<Item>(urls[id] ?? ''));
    const items: Item[] = [];
    await pause(0); // a task of its own
    this.inFlight.begin();
    const start = performance.now();
    await new Promise<void>((resolve, reject) => {
      const stuck = setTimeout(() => {
        reject(new Error(`${contestant} got stuck after ${String(items.length)} answers`));
      }, PATIENCE);
      range(0, REQUESTS)
        .pipe(
          operator,
          finalize(() => {
            clearTimeout(stuck);
          }),
        )
        .subscribe({
          next: (item) => items.push(item),
          error: (error: Error | HttpErrorResponse) => {
            reject(new Error(error.message));
          },
          complete: resolve,
        });
    });
    const end = performance.now();
    check(run, items);
    must(isFree(), 'a permit was not given back');
    return { taken: end - start, most: this.inFlight.most, longTasks: await this.longTasks.between(start, end) };
  }

  async block(time: number): Promise<readonly number[]> {
    const begun = performance.now();
    const answer = this.http.get<Item>(pathOf('blocked', 0)).pipe(
      tap(() => {
        for (const end = performance.now() + time; performance.now() < end;);
      }),
    );
    await lastValueFrom(answer);
    return this.longTasks.between(begun, performance.now());
  }
}

/** Who lets the requests in, and whether all permits are back. */
function limited(contestant: Contestant, get: Get): { operator: OperatorFunction<number, Item>; isFree: () => boolean } {
  switch (contestant) {
    case OURS: {
      const semaphore = new Semaphore(PERMITS);
      return {
        operator: throttleBySemaphore(semaphore, get),
        isFree: () => semaphore.available === PERMITS && semaphore.waiting === 0,
      };
    }
    case THEIRS:
      return { operator: mergeMap(get, PERMITS), isFree: () => true };
    case UNLIMITED:
      return { operator: mergeMap(get), isFree: () => true };
  }
}

/** Throws unless each item has come once, and is the right one. */
function check(run: string, items: readonly Item[]): void {
  const texts = new Map(items.map(({ id, text }) => [id, text]));
  must(
    items.length === REQUESTS && texts.size === REQUESTS,
    `${String(texts.size)} items came in ${String(items.length)} answers`,
  );
  for (let id = 0; id < REQUESTS; id++) {
    const { text } = itemOf(run, id);
    must(texts.get(id) === text, `"${text}" was answered with "${String(texts.get(id))}"`);
  }
}

function pause(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}

const backend = new URLSearchParams(location.search).get('backend') as Backend | null;
const inFlight = new InFlight();
const interceptors = withInterceptors([inFlight.interceptor]);
const { injector } = await createApplication({
  providers: [backend === 'fetch' ? provideHttpClient(withFetch(), interceptors) : provideHttpClient(interceptors)],
});
Object.assign(globalThis, { benchmark: new HttpBenchmark(injector.get(HttpClient), inFlight) });
