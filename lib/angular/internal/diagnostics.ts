/**
 * Warns of waits and tenures that take too long.
 *
 * ```
 *   trace(primitive) ──park──► waiting, a timer ──grant──► holding, a timer ──release──► forgotten
 *                                     │                        │
 *                                     └── console.warn ────────┘
 * ```
 *
 * A side, a key or a lock of another origin cannot be traced. The interceptors report their own acquisitions of it.
 */
import type { NgZone } from '@angular/core';
import { Subscription } from 'rxjs';

import { shown } from '../../internal/checks/shown.js';
import { trace, type Lock, type TraceEvent } from '../../index.js';
import type { Followed, Watcher } from './watcher.js';

/** The limits in milliseconds. */
interface Limits {
  readonly held: number | undefined;
  readonly waited: number | undefined;
}

type Phase = 'waiting' | 'holding';

/** One waiter or holder. */
interface Tenure {
  readonly label: string;
  readonly keys: readonly unknown[] | undefined;
  readonly phase: Phase;
  readonly since: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class Diagnostics implements Watcher {
  private readonly primitives = new WeakMap<object, Tenures>();
  private readonly running = new Subscription();

  constructor(
    private readonly zone: NgZone,
    private readonly limits: Limits,
  ) {}

  watch(primitive: unknown): boolean {
    const isTraceable = isPrimitive(primitive);
    if (isTraceable && !this.primitives.has(primitive)) {
      const tenures = this.tenuresOf(primitive);
      this.running.add(
        trace(primitive).subscribe((event) => {
          tenures.note(event);
        }),
      );
    }
    return isTraceable;
  }

  follow(acquirable: object, label: string): Followed {
    if (isPrimitive(acquirable)) {
      return { granted: () => undefined, ended: () => undefined };
    }
    const tenures = this.tenuresOf(acquirable);
    const id = {};
    tenures.begin(id, 'waiting', label);
    return {
      granted: () => {
        tenures.begin(id, 'holding', label);
      },
      ended: () => {
        tenures.end(id);
      },
    };
  }

  stop(): void {
    this.running.unsubscribe();
  }

  private tenuresOf(acquirable: object): Tenures {
    let tenures = this.primitives.get(acquirable);
    if (tenures === undefined) {
      tenures = new Tenures(shown(acquirable), hasHolders(acquirable), this.zone, this.limits);
      this.primitives.set(acquirable, tenures);
      this.running.add(tenures);
    }
    return tenures;
  }
}

function isPrimitive(given: unknown): given is Lock {
  try {
    trace(given as Lock);
    return true;
  } catch {
    return false;
  }
}

/** A grant of an event or a barrier is no permit. */
function hasHolders(acquirable: object): boolean {
  return !('wait' in acquirable) || 'acquire' in acquirable;
}

/** The waiters and holders of one primitive. */
class Tenures {
  private readonly tenures = new Map<unknown, Tenure>();
  private isStopped = false;

  constructor(
    private readonly name: string,
    private readonly hasHolders: boolean,
    private readonly zone: NgZone,
    private readonly limits: Limits,
  ) {}

  note({ step, waiter, label, keys }: TraceEvent): void {
    const name = label ?? `waiter ${String(waiter)}`;
    if (step === 'park' || (step === 'repark' && this.name.startsWith('lock'))) {
      this.begin(waiter, 'waiting', name, keys);
    } else if (step === 'grant' && this.hasHolders) {
      this.begin(waiter, 'holding', name, keys);
    } else if (step !== 'downgrade') {
      this.end(waiter);
    }
  }

  begin(id: unknown, phase: Phase, label: string, keys?: readonly unknown[]): void {
    this.end(id);
    if (!this.isStopped) {
      const limit = phase === 'waiting' ? this.limits.waited : this.limits.held;
      const tenure: Tenure = { label, keys, phase, since: Date.now(), timer: undefined };
      this.tenures.set(id, tenure);
      if (limit !== undefined) {
        tenure.timer = this.startTimer(tenure, limit);
      }
    }
  }

  end(id: unknown): void {
    clearTimeout(this.tenures.get(id)?.timer);
    this.tenures.delete(id);
  }

  /** Clears all timers. */
  unsubscribe(): void {
    this.isStopped = true;
    for (const id of [...this.tenures.keys()]) {
      this.end(id);
    }
  }

  private startTimer(tenure: Tenure, limit: number): ReturnType<typeof setTimeout> {
    const timer = this.zone.runOutsideAngular(() =>
      setTimeout(() => {
        this.warn(tenure);
      }, limit),
    );
    // Only Node's timers have it.
    (timer as { unref?(): void }).unref?.();
    return timer;
  }

  private warn(late: Tenure): void {
    const concerned = [...this.tenures.values()].filter(({ keys }) => shareKeys(keys, late.keys));
    const of = (phase: Phase): string =>
      concerned
        .filter((each) => each.phase === phase)
        .map((each) => `${each.label} (${ageOf(each)})`)
        .join(', ') || 'nobody';
    const lines = [
      `${this.name}: ${late.label} has been ${late.phase} for ${ageOf(late)}`,
      ...(this.hasHolders ? [`  holding: ${of('holding')}`] : []),
      `  waiting: ${of('waiting')}`,
    ];
    console.warn(lines.join('\n'));
  }
}

function shareKeys(some: readonly unknown[] | undefined, others: readonly unknown[] | undefined): boolean {
  return some === undefined || others === undefined || some.some((key) => others.includes(key));
}

function ageOf({ since }: Tenure): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
