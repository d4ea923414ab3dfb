import { type HttpEvent, HttpEventType } from '@angular/common/http';
import { computed, signal } from '@angular/core';
import { defer, type MonoTypeOperatorFunction, Subject, takeUntil, tap } from 'rxjs';

import { isActive, type Lane, type LaneState } from './lane';

const maxLanes = 40;

/**
 * The callers of a resource in the order of their subscriptions. The state of a caller follows from its stream of HTTP events:
 *
 * - waiting, from its subscription;
 * - running, from the event `Sent`, which HttpClient emits when it sends the request;
 * - done, failed or cancelled, when the stream completes, fails or is unsubscribed.
 */
export class LaneBoard {
  private readonly all = signal<readonly Lane[]>([]);
  private readonly most = signal(0);
  private readonly cancels = new Map<number, Subject<void>>();
  private lastId = 0;

  readonly lanes = this.all.asReadonly();
  readonly waiting = computed(() => this.count('waiting'));
  readonly running = computed(() => this.count('running'));
  readonly cancelled = computed(() => this.count('cancelled'));
  readonly active = computed(() => this.lanes().filter(isActive).length);
  readonly ended = computed(() => this.lanes().length - this.active());
  /** The largest number of callers that were running at the same time. */
  readonly largestRunning = this.most.asReadonly();

  constructor(private readonly now = () => performance.now()) {}

  /** Adds a lane for each subscription to the source. {@link cancel} can end it. */
  track<T>(label: string): MonoTypeOperatorFunction<HttpEvent<T>> {
    return (source) =>
      defer(() => {
        const id = this.open(label);
        const cancel = new Subject<void>();
        this.cancels.set(id, cancel);
        return source.pipe(
          tap({
            next: ({ type }) => {
              if (type === HttpEventType.Sent) this.start(id);
            },
            complete: () => {
              this.end(id, 'done');
            },
            error: () => {
              this.end(id, 'failed');
            },
            unsubscribe: () => {
              this.end(id, 'cancelled');
            },
          }),
          takeUntil(cancel),
        );
      });
  }

  /** Cancels one caller in any state: unsubscribes its source, and completes its output. */
  cancel(id: number): void {
    this.cancels.get(id)?.next();
  }

  /** Removes all lanes. Unsubscribe active callers first. */
  clear(): void {
    this.all.set([]);
    this.most.set(0);
  }

  private open(label: string): number {
    const id = ++this.lastId;
    const lane: Lane = { id, label, state: 'waiting', queuedAt: this.now(), startedAt: null, endedAt: null };
    this.all.update((lanes) => [...withRoom(lanes), lane]);
    return id;
  }

  private start(id: number): void {
    this.change(id, { state: 'running', startedAt: this.now() });
    this.most.update((most) => Math.max(most, this.running()));
  }

  private end(id: number, state: LaneState): void {
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

/** Removes the oldest ended lane if the board is full, because a user can type for hours. */
function withRoom(lanes: readonly Lane[]): readonly Lane[] {
  if (lanes.length < maxLanes) return lanes;
  const oldest = lanes.findIndex((lane) => !isActive(lane));
  return lanes.filter((_, index) => index !== oldest);
}
