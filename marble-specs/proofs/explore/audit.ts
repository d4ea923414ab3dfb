import { KeyedLock, Semaphore, trace, type TraceEvent } from 'rxjs-locks';

/** What the states of all primitives have in common. */
interface Waiting {
  readonly waiting: number;
  readonly locked?: boolean;
}

type Traced = Parameters<typeof trace<Waiting, never>>[0];

class AuditError extends Error {
  override readonly name = 'AuditError';
}

/**
 * Checks the trace of a primitive, and throws at a step that cannot be true. RxJS reports the error, so the script fails.
 * Returns the primitive.
 */
export function audited<P>(primitive: P): P {
  const auditor = new Auditor(primitive);
  trace(primitive as unknown as Traced).subscribe((event) => {
    auditor.read(event);
  });
  return primitive;
}

class Auditor {
  private readonly waiting = new Set<number>();
  private readonly holders = new Set<number>();
  private last: Waiting | undefined;

  private readonly isFirstComeFirstServed: boolean;

  constructor(private readonly primitive: unknown) {
    this.isFirstComeFirstServed = !(primitive instanceof Semaphore || primitive instanceof KeyedLock);
  }

  read(event: TraceEvent<Waiting>): void {
    const { state } = event;
    this.must(event.primitive === this.primitive, event, 'it is about another primitive');
    if (state !== this.last) {
      // All steps of one commit come with the state after them.
      this.must(
        this.last === undefined || this.waiting.size === this.last.waiting,
        event,
        'the state has another number of waiters',
      );
    }
    this.must(state.locked !== false || state.waiting === 0, event, 'the lock is free while there are waiters');
    this.last = state;
    this.apply(event);
  }

  private apply(event: TraceEvent<Waiting>): void {
    const { waiting, holders } = this;
    const { step, waiter = 0, place } = event;
    switch (step) {
      case 'park':
        this.must(!waiting.has(waiter) && !holders.has(waiter), event, 'the waiter exists already');
        waiting.add(waiter);
        this.must(this.canHavePosition(place), event, 'no waiter can have this position');
        break;
      case 'repark': // out of the queue of a condition, into the queue of its lock
        if (waiting.delete(waiter)) {
          this.must(place === undefined, event, 'the waiter is in no queue of this primitive');
        } else {
          waiting.add(waiter);
          this.must(this.canHavePosition(place), event, 'no waiter can have this position');
        }
        break;
      case 'grant':
        waiting.delete(waiter);
        this.must(!holders.has(waiter), event, 'the waiter is a holder already');
        holders.add(waiter);
        break;
      case 'cancel':
        this.must(waiting.delete(waiter) || holders.delete(waiter), event, 'there is no such waiter');
        break;
      case 'release':
        this.must(waiter === 0 || holders.delete(waiter), event, 'the waiter is no holder');
        break;
      case 'downgrade':
        this.must(holders.has(waiter), event, 'the waiter is no holder');
        break;
      default:
        this.must(waiter === 0, event, 'this step has no waiter');
    }
  }

  /** Without priorities and keys, a waiter is behind all others. */
  private canHavePosition(place = 0): boolean {
    const { size } = this.waiting;
    return this.isFirstComeFirstServed ? place === size : place >= 1 && place <= size;
  }

  private must(condition: boolean, { step, waiter }: TraceEvent, what: string): void {
    if (!condition) {
      throw new AuditError(`${step} ${String(waiter)}: ${what}`);
    }
  }
}
