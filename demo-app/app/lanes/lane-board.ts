import { type HttpEvent, HttpEventType } from '@angular/common/http';
import { computed, signal } from '@angular/core';
import { defer, type MonoTypeOperatorFunction, Subject, takeUntil, tap } from 'rxjs';

import { isUnderWay, type Lane, type LaneState } from './lane';

const mostLanes = 40;

/**
 * The callers of a resource, in the order in which they came. A caller is known by its stream of HTTP events: it waits
 * from its subscription on, is inside from `Sent`, which HttpClient emits at the very moment when it sends, and is done,
 * failed or cancelled as the stream completes, fails or is unsubscribed.
 */
export class LaneBoard {
  private readonly all = signal<readonly Lane[]>([]);
  private readonly most = signal(0);
  private readonly cancels = new Map<number, Subject<void>>();
  private lastId = 0;

  readonly lanes = this.all.asReadonly();
  readonly waiting = computed(() => this.count('waiting'));
  readonly inside = computed(() => this.count('inside'));
  readonly cancelled = computed(() => this.count('cancelled'));
  readonly underWay = computed(() => this.lanes().filter(isUnderWay).length);
  readonly settled = computed(() => this.lanes().length - this.underWay());
  /** The largest number that was ever inside. */
  readonly largestInside = this.most.asReadonly();

  constructor(private readonly now = () => performance.now()) {}

  /** Draws each subscription to the source as one lane, which {@link cancel} can end. */
  track<T>(label: string): MonoTypeOperatorFunction<HttpEvent<T>> {
    return (source) =>
      defer(() => {
        const id = this.open(label);
        const cancel = new Subject<void>();
        this.cancels.set(id, cancel);
        return source.pipe(
          tap({
            next: ({ type }) => {
              if (type === HttpEventType.Sent) this.enter(id);
            },
            complete: () => {
              this.settle(id, 'done');
            },
            error: () => {
              this.settle(id, 'failed');
            },
            unsubscribe: () => {
              this.settle(id, 'cancelled');
            },
          }),
          takeUntil(cancel),
        );
      });
  }

  /** Unsubscribes one caller, wherever it is; what follows it sees a stream that ends. */
  cancel(id: number): void {
    this.cancels.get(id)?.next();
  }

  /** Empties the board. Callers under way are to be unsubscribed first. */
  clear(): void {
    this.all.set([]);
    this.most.set(0);
  }

  private open(label: string): number {
    const id = ++this.lastId;
    const lane: Lane = { id, label, state: 'waiting', queuedAt: this.now(), enteredAt: null, endedAt: null };
    this.all.update((lanes) => [...withRoom(lanes), lane]);
    return id;
  }

  private enter(id: number): void {
    this.change(id, { state: 'inside', enteredAt: this.now() });
    this.most.update((most) => Math.max(most, this.inside()));
  }

  private settle(id: number, state: LaneState): void {
    this.cancels.delete(id);
    this.change(id, { state, endedAt: this.now() });
  }

  private change(id: number, part: Partial<Lane>): void {
    this.all.update((lanes) => lanes.map((lane) => (lane.id === id ? { ...lane, ...part } : lane)));
  }

  private count(state: LaneState): number {
    return this.lanes().filter((lane) => lane.state === state).length;
  }
}

/** A person can type for hours: the oldest lane that has ended makes room. */
function withRoom(lanes: readonly Lane[]): readonly Lane[] {
  if (lanes.length < mostLanes) return lanes;
  const oldest = lanes.findIndex((lane) => !isUnderWay(lane));
  return lanes.filter((_, index) => index !== oldest);
}
