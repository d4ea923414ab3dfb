/** The script in Chrome: an Angular application without a component, whose `HttpClient` sends the requests. */
// Angular's packages are only partially compiled. An application's build would link them; here the JIT compiler does.
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

import { must } from '../harness/task.js';
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
  type Run,
  type RunRequest,
} from './protocol.js';

/** Milliseconds after which a run fails. */
const TIMEOUT = 60_000;

type Get = (id: number) => Observable<Item>;

/** Counts the requests of `HttpClient` that are under way. */
class InFlight {
  most = 0;
  private running = 0;

  readonly interceptor: HttpInterceptorFn = (request, next) => {
    this.most = Math.max(this.most, ++this.running);
    return next(request).pipe(finalize(() => this.running--));
  };

  begin(): void {
    must(this.running === 0, `${String(this.running)} requests of the previous run were still under way`);
    this.most = 0;
  }
}

/** See https://w3c.github.io/long-animation-frames. TypeScript's DOM types lack it. */
interface Frame extends PerformanceEntry {
  /** The sum of the time by which each task of the frame exceeds 50 ms. */
  readonly blockingDuration: number;
}

/**
 * The tasks that block the thread for 50 ms or more. Chrome's `longtask` entries lack tasks that consist of promise callbacks
 * only, such as those after a response to `fetch`. The long animation frames contain them.
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

  /** The durations of the tasks that ran between `start` and `end`, in whole or in part. */
  async between(start: number, end: number): Promise<number[]> {
    await pause(100); // Chrome reports a task some time after its end
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

  async run({ contestant, run, origins }: RunRequest): Promise<Run> {
    const urls = Array.from({ length: REQUESTS }, (_, id) => `${origins[id % origins.length] ?? ''}${pathOf(run, id)}`);
    const { operator, isFree } = limited(contestant, (id) => this.http.get<Item>(urls[id] ?? ''));
    const items: Item[] = [];
    await pause(0); // starts a new task
    this.inFlight.begin();
    const start = performance.now();
    await new Promise<void>((resolve, reject) => {
      const timeout = setTimeout(() => {
        reject(new Error(`${contestant} stopped after ${String(items.length)} responses`));
      }, TIMEOUT);
      range(0, REQUESTS)
        .pipe(
          operator,
          finalize(() => {
            clearTimeout(timeout);
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
    must(isFree(), 'a permit was not released');
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

/** The operator that limits the requests, and whether all its permits are released. */
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

/** Throws unless each item arrived once and is correct. */
function check(run: string, items: readonly Item[]): void {
  const texts = new Map(items.map(({ id, text }) => [id, text]));
  must(
    items.length === REQUESTS && texts.size === REQUESTS,
    `${String(texts.size)} items arrived in ${String(items.length)} responses`,
  );
  for (let id = 0; id < REQUESTS; id++) {
    const { text } = itemOf(run, id);
    must(texts.get(id) === text, `expected "${text}", but got "${String(texts.get(id))}"`);
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
