import { finalize, ignoreElements, merge, type Observable, of, repeat, Subject, switchMap } from 'rxjs';
import { WebLock, type WebPermit } from 'rxjs-locks/web';

/**
 * A tab in a room, from the moment at which it has a number until it is closed, crashes or sleeps. A tab that wakes is a new one.
 */
export interface Seat {
  readonly life: string;
  /** From 1 on. The number of a tab that has gone is given again. */
  readonly tab: number;
}

/** What the tabs tell each other. */
export interface Letter<T> {
  readonly from: Seat;
  readonly body: T;
}

/**
 * The tabs that have the same address. They talk by a `BroadcastChannel`. A tab holds a web lock as long as it is there, and the
 * others wait for that lock: so they notice when it is closed or crashes.
 *
 * ```
 *   tab 1   holds …:tab-1 ──────────✕
 *   tab 2   waits for …:tab-1 ──────granted: tab 1 has gone
 * ```
 */
export class Room<T> {
  private readonly channel: BroadcastChannel;
  private readonly arrived = new Subject<Letter<T>>();

  /** What the other tabs say. */
  readonly letters = this.arrived.asObservable();

  constructor(readonly name: string) {
    this.channel = new BroadcastChannel(this.nameOf('talk'));
    this.channel.onmessage = ({ data }: MessageEvent<Letter<T>>) => {
      this.arrived.next(data);
    };
  }

  /** Takes the lowest free number and keeps it while subscribed to. It takes another one when the page has slept. */
  seat(): Observable<Seat> {
    const door = new WebLock(this.nameOf('door'), { timeout: Infinity }); // one tab at a time looks for a number
    return door.use(() => this.firstFree(1)).pipe(switchMap(seated), repeat());
  }

  /** Emits once, when the tab has gone. */
  gone({ tab }: Seat): Observable<void> {
    const lock = new WebLock(this.nameOf(`tab-${String(tab)}`), { mode: 'shared', timeout: Infinity });
    return lock.use(() => of(undefined));
  }

  say(from: Seat, body: T): void {
    this.channel.postMessage({ from, body } satisfies Letter<T>);
  }

  leave(): void {
    this.channel.close();
  }

  nameOf(part: string): string {
    return `two-tabs:${this.name}:${part}`;
  }

  private firstFree(tab: number): Observable<{ readonly tab: number; readonly permit: WebPermit }> {
    return new WebLock(this.nameOf(`tab-${String(tab)}`))
      .tryAcquire()
      .pipe(switchMap((permit) => (permit === null ? this.firstFree(tab + 1) : of({ tab, permit }))));
  }
}

/** Emits the seat, and completes when it is lost. */
function seated({ tab, permit }: { readonly tab: number; readonly permit: WebPermit }): Observable<Seat> {
  const seat: Seat = { life: crypto.randomUUID(), tab };
  return merge(of(seat), permit.lost$.pipe(ignoreElements())).pipe(
    finalize(() => {
      permit.release();
    }),
  );
}
