import { KeyedLock, Semaphore, trace, type TraceEvent } from 'rxjs-locks';

/** As much of any primitive's state as all of them have. */
interface Waiting {
  readonly waiting: number;
  readonly locked?: boolean;
}

type Traced = Parameters<typeof trace<Waiting, never>>[0];

class AuditError extends Error {
  override readonly name = 'AuditError';
}

/**
 * Reads the trace of a primitive, and throws where it cannot be true: RxJS reports that, so that the script fails which shows
 * it. Returns the primitive.
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
  private readonly inside = new Set<number>();
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
      this.must(this.last === undefined || this.waiting.size === this.last.waiting, event, 'not as many wait as are said to');
    }
    this.must(state.locked !== false || state.waiting === 0, event, 'the lock is free, and somebody waits');
    this.last = state;
    this.apply(event);
  }

  private apply(event: TraceEvent<Waiting>): void {
    const { waiting, inside } = this;
    const { step, waiter = 0, place } = event;
    switch (step) {
      case 'park':
        this.must(!waiting.has(waiter) && !inside.has(waiter), event, 'it is there');
        waiting.add(waiter);
        this.must(this.canStandAt(place), event, 'nobody can stand there');
        break;
      case 'repark': // into the line of a lock, or out of that of a condition
        if (waiting.delete(waiter)) {
          this.must(place === undefined, event, 'it stands in no line');
        } else {
          waiting.add(waiter);
          this.must(this.canStandAt(place), event, 'nobody can stand there');
        }
        break;
      case 'grant':
        waiting.delete(waiter);
        this.must(!inside.has(waiter), event, 'it is inside');
        inside.add(waiter);
        break;
      case 'cancel':
        this.must(waiting.delete(waiter) || inside.delete(waiter), event, 'it is not there');
        break;
      case 'release':
        this.must(waiter === 0 || inside.delete(waiter), event, 'it is not inside');
        break;
      case 'downgrade':
        this.must(inside.has(waiter), event, 'it is not inside');
        break;
      default:
        this.must(waiter === 0, event, 'that concerns nobody');
    }
  }

  /** Where there are neither priorities nor keys, a waiter stands behind all others. */
  private canStandAt(place = 0): boolean {
    const { size } = this.waiting;
    return this.isFirstComeFirstServed ? place === size : place >= 1 && place <= size;
  }

  private must(condition: boolean, { step, waiter }: TraceEvent, what: string): void {
    if (!condition) {
      throw new AuditError(`${step} ${String(waiter)}: ${what}`);
    }
  }
}
