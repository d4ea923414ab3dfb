/**
 * Warns of waiters that wait too long, and of holders that hold too long.
 *
 * ```
 *   trace(primitive) ──park──► waiting, a timer ──grant──► holding, a timer ──release──► forgotten
 *                                     │                        │
 *                                     └── console.warn ────────┘
 * ```
 *
 * A side, a key or a lock of another origin cannot be traced. The interceptors report their own acquisitions of it.
 *
 * Everything here holds a primitive weakly: an application may make a lock for each request. A trace lives as long as its primitive.
 */
import type { NgZone } from '@angular/core';
import type { Subscription } from 'rxjs';

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
interface Usage {
  readonly label: string;
  readonly keys: readonly unknown[] | undefined;
  readonly phase: Phase;
  readonly since: number;
  timer: Timer | undefined;
}

type Timer = ReturnType<typeof setTimeout>;

export class Diagnostics implements Watcher {
  private readonly primitives = new WeakMap<object, Usages>();
  private readonly traces = new Set<WeakRef<Subscription>>();
  private readonly collected = new FinalizationRegistry<WeakRef<Subscription>>((ended) => this.traces.delete(ended));
  private readonly timers: Timers;

  constructor(
    zone: NgZone,
    private readonly limits: Limits,
  ) {
    this.timers = new Timers(zone);
  }

  watch(primitive: unknown): boolean {
    const isTraceable = isPrimitive(primitive);
    if (isTraceable && !this.primitives.has(primitive)) {
      const usages = this.usagesOf(primitive);
      const running = trace(primitive).subscribe((event) => {
        usages.note(event);
      });
      const ref = new WeakRef(running);
      this.traces.add(ref);
      this.collected.register(running, ref);
    }
    return isTraceable;
  }

  follow(acquirable: object, label: string): Followed {
    if (isPrimitive(acquirable)) {
      return { granted: () => undefined, ended: () => undefined };
    }
    const usages = this.usagesOf(acquirable);
    const id = {};
    usages.begin(id, 'waiting', label);
    return {
      granted: () => {
        usages.begin(id, 'holding', label);
      },
      ended: () => {
        usages.end(id);
      },
    };
  }

  stop(): void {
    for (const running of this.traces) {
      running.deref()?.unsubscribe();
    }
    this.timers.stop();
  }

  private usagesOf(acquirable: object): Usages {
    let usages = this.primitives.get(acquirable);
    if (usages === undefined) {
      usages = new Usages(shown(acquirable), hasHolders(acquirable), this.timers, this.limits);
      this.primitives.set(acquirable, usages);
    }
    return usages;
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

/** Timers outside the zone, all of which can be stopped. */
class Timers {
  private readonly running = new Set<Timer>();
  private isStopped = false;

  constructor(private readonly zone: NgZone) {}

  start(run: () => void, after: number): Timer | undefined {
    if (this.isStopped) {
      return undefined;
    }
    const timer = this.zone.runOutsideAngular(() => setTimeout(run, after));
    this.running.add(timer);
    // Only Node's timers have it.
    (timer as { unref?(): void }).unref?.();
    return timer;
  }

  clear(timer: Timer): void {
    clearTimeout(timer);
    this.running.delete(timer);
  }

  stop(): void {
    this.isStopped = true;
    this.running.forEach(clearTimeout);
  }
}

/** The waiters and holders of one primitive. */
class Usages {
  private readonly usages = new Map<unknown, Usage>();

  constructor(
    private readonly name: string,
    private readonly hasHolders: boolean,
    private readonly timers: Timers,
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
    const limit = phase === 'waiting' ? this.limits.waited : this.limits.held;
    const usage: Usage = { label, keys, phase, since: Date.now(), timer: undefined };
    this.usages.set(id, usage);
    if (limit !== undefined) {
      usage.timer = this.timers.start(() => {
        this.warn(usage);
      }, limit);
    }
  }

  end(id: unknown): void {
    const timer = this.usages.get(id)?.timer;
    if (timer !== undefined) {
      this.timers.clear(timer);
    }
    this.usages.delete(id);
  }

  private warn(late: Usage): void {
    const concerned = [...this.usages.values()].filter(({ keys }) => shareKeys(keys, late.keys));
    const of = (phase: Phase): string => listOf(concerned.filter((each) => each.phase === phase));
    const lines = [
      `${this.name}: ${late.label} has been ${late.phase} for ${ageOf(late)}`,
      ...(this.hasHolders ? [`  holding: ${of('holding')}`] : []),
      `  waiting: ${of('waiting')}`,
    ];
    console.warn(lines.join('\n'));
  }
}

/** The most usages that one warning names: many requests may wait for one permit. */
const most = 10;

function listOf(usages: readonly Usage[]): string {
  const named = usages.slice(0, most).map((each) => `${each.label} (${ageOf(each)})`);
  const more = usages.length > most ? [`and ${String(usages.length - most)} more`] : [];
  return [...named, ...more].join(', ') || 'none';
}

function shareKeys(some: readonly unknown[] | undefined, others: readonly unknown[] | undefined): boolean {
  return some === undefined || others === undefined || some.some((key) => others.includes(key));
}

function ageOf({ since }: Usage): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
