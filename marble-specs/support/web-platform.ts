import { Subscription, type Observable, type Observer } from 'rxjs';

import { FakeLockManager } from './fake-locks.js';

/** Real timers, for specs that mock them. */
const { setTimeout: realSetTimeout } = globalThis;

/** Whether this platform has Web Locks: a browser, or Node 24. */
export const hasWebLocks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks !== undefined;

/** Node 24 does not forget an aborted request until the next release of its name. */
export const isNode = 'process' in globalThis;

let restore: (() => void)[] = [];

/** Sets a property of an object until {@link restorePlatform}. */
export function replace(object: object, key: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(object, key);
  Object.defineProperty(object, key, { value, configurable: true, writable: true });
  restore.push(() => {
    if (before === undefined) {
      Reflect.deleteProperty(object, key);
    } else {
      Object.defineProperty(object, key, before);
    }
  });
}

function restorePlatform(): void {
  for (const each of restore.reverse()) {
    each();
  }
  restore = [];
}

/** Lets the platform have these locks. Node 20 has no `navigator`. */
export function useLocks(locks: unknown, userAgent?: string): void {
  if (!('navigator' in globalThis)) {
    replace(globalThis, 'navigator', {});
  }
  replace(navigator, 'locks', locks);
  if (userAgent !== undefined) {
    replace(navigator, 'userAgent', userAgent);
  }
}

/** Runs each spec with the Web Locks of the platform, or with fake ones where there are none. */
export function itHasWebLocks(): void {
  beforeEach(() => {
    if (!hasWebLocks) {
      useLocks(new FakeLockManager());
    }
  });
  afterEach(restorePlatform);
}

/** The events of a page. Node has no document: the library listens to these objects then. */
const page = 'document' in globalThis ? undefined : { window: new EventTarget(), document: new EventTarget() };

let subscriptions = new Subscription();

/** Subscribes until the spec is over. */
export function subscribe<T>(source: Observable<T>, observer?: Partial<Observer<T>> | ((value: T) => void)): Subscription {
  const subscription = source.subscribe(observer as Partial<Observer<T>>); // the types of RxJS 7.5 know no union
  subscriptions.add(subscription);
  return subscription;
}

/** Runs each spec in a page with fake locks, on every platform. Returns the present ones. */
export function itHasFakeLocks(): () => FakeLockManager {
  let locks: FakeLockManager;
  beforeEach(() => {
    locks = new FakeLockManager();
    useLocks(locks, 'a browser');
    if (page !== undefined) {
      replace(globalThis, 'document', page.document);
      replace(globalThis, 'addEventListener', page.window.addEventListener.bind(page.window));
    }
  });
  // The page lives on after a spec: nothing of a spec must be left that sleeps or wakes.
  afterEach(() => {
    subscriptions.unsubscribe();
    subscriptions = new Subscription();
    dispatch('freeze');
    dispatch('resume');
    restorePlatform();
  });
  return () => locks;
}

/** Dispatches an event of the page: of the document, or of the window. */
export function dispatch(type: 'freeze' | 'resume' | 'pagehide' | 'pageshow', persisted = true): void {
  const ofDocument = type === 'freeze' || type === 'resume';
  const target = page === undefined ? (ofDocument ? document : window) : ofDocument ? page.document : page.window;
  target.dispatchEvent(Object.assign(new Event(type), { persisted }));
}

/** A turn of the platform, in which answers arrive. */
export function turn(milliseconds = 0): Promise<void> {
  return new Promise((resolve) => realSetTimeout(resolve, milliseconds));
}

/** Waits until a condition holds. A spec that waits in vain ends by the timeout of Jasmine. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await turn(1);
  }
}

/** A name that no other spec uses: locks outlive specs. */
export function uniqueName(): string {
  names++;
  return `spec ${String(names)}`;
}
let names = 0;

/** Waits until the platform shows `held` holders of `name` and `pending` waiters. */
export async function untilShown(name: string, held: number, pending: number): Promise<void> {
  await until(async () => {
    const snapshot = await navigator.locks.query();
    const count = (infos: LockInfo[] = []): number => infos.filter((each) => each.name === name).length;
    return count(snapshot.held) === held && count(snapshot.pending) === pending;
  });
}

/** What else runs in this process, such as a connection that an earlier spec has opened, may want a timer of Node. */
class Timer {
  constructor(
    readonly fire: () => void,
    readonly period: number | undefined,
    public due: number,
  ) {}

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  refresh(): this {
    return this;
  }
}

/**
 * Time that only the spec moves: the timers, and the clock that tells how late a timer is. The mock clock of Jasmine does not
 * install where zone.js has replaced the timers.
 */
export class FakeTime {
  /** How often the clock was read: a timer of the library reads it when it fires. */
  reads = 0;
  /** How many timers were started. */
  started = 0;
  private now = 1_000_000;
  /** The time that timers have seen pass. It stands still while the machine sleeps. */
  private awake = 0;
  private readonly timers = new Set<Timer>();

  install(): void {
    this.timers.clear();
    spyOn(performance, 'now').and.callFake(() => (this.reads++, this.now));
    replace(globalThis, 'setTimeout', (fire: () => void, delay: number) => this.start(fire, delay));
    replace(globalThis, 'setInterval', (fire: () => void, delay: number) => this.start(fire, delay, delay));
    const { clearTimeout } = globalThis;
    // Other code of this process clears the timers that it had before.
    const clear = (timer: unknown): void => {
      if (timer instanceof Timer) {
        this.timers.delete(timer);
      } else {
        clearTimeout(timer as undefined);
      }
    };
    replace(globalThis, 'clearTimeout', clear);
    replace(globalThis, 'clearInterval', clear);
  }

  /** Moves on in steps of 50 ms. */
  pass(milliseconds: number): void {
    for (let rest = milliseconds; rest > 0; rest -= 50) {
      this.jump(Math.min(rest, 50));
    }
  }

  /** Moves on in one step. */
  jump(milliseconds: number): void {
    this.now += milliseconds;
    this.awake += milliseconds;
    this.fireDue();
  }

  /** The machine sleeps: timers do not run, and the clock goes on. */
  sleep(milliseconds: number): void {
    this.now += milliseconds;
  }

  private start(fire: () => void, delay: number, period?: number): Timer {
    this.started++;
    const timer = new Timer(fire, period, this.awake + (delay < 2 ** 31 ? delay : 1)); // as a platform takes a delay that is too long
    this.timers.add(timer);
    return timer;
  }

  private fireDue(): void {
    for (const timer of [...this.timers]) {
      if (timer.due <= this.awake && this.timers.has(timer)) {
        if (timer.period === undefined) {
          this.timers.delete(timer);
        } else {
          timer.due += timer.period;
        }
        timer.fire();
      }
    }
  }
}

export function itHasFakeTime(): FakeTime {
  const time = new FakeTime();
  beforeEach(() => {
    time.install();
  });
  return time;
}
