import { DestroyRef, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import {
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  EMPTY,
  finalize,
  map,
  type MonoTypeOperatorFunction,
  of,
  switchMap,
  tap,
  timer,
} from 'rxjs';

import { clock } from '../../run/clock';

/** How long time goes on after something has happened. */
const afterglow = 400;

/** A time that stands still while nothing can happen, so that the lanes need not become narrow while the user thinks. */
export class PlayTime {
  // The number of tasks that are under way.
  private readonly tasks = new BehaviorSubject(0);
  private readonly goesOn = signal(false);
  private readonly shownTime = signal(0);
  private before = 0;
  private since: number | undefined;

  readonly isRunning = this.goesOn.asReadonly();
  /** The time at the latest frame. */
  readonly shown = this.shownTime.asReadonly();

  constructor() {
    this.tasks
      .pipe(
        map((tasks) => tasks > 0),
        switchMap((isBusy) => (isBusy ? of(true) : timer(afterglow).pipe(map(() => false)))),
        distinctUntilChanged(),
        tap((goesOn) => {
          this.before = this.now();
          this.since = goesOn ? performance.now() : undefined;
          this.goesOn.set(goesOn);
          this.shownTime.set(this.before);
        }),
        switchMap((goesOn) => (goesOn ? clock() : EMPTY)),
        takeUntilDestroyed(inject(DestroyRef)),
      )
      .subscribe(() => {
        this.shownTime.set(this.now());
      });
  }

  /** In milliseconds. */
  now(): number {
    return this.before + (this.since === undefined ? 0 : performance.now() - this.since);
  }

  /** Goes on for a moment: something has happened. */
  tick(): void {
    this.tasks.next(this.tasks.value + 1);
    this.tasks.next(this.tasks.value - 1);
  }

  /** Goes on while the source does. */
  during<T>(): MonoTypeOperatorFunction<T> {
    return (source) =>
      defer(() => {
        this.tasks.next(this.tasks.value + 1);
        return source.pipe(
          finalize(() => {
            this.tasks.next(this.tasks.value - 1);
          }),
        );
      });
  }

  reset(): void {
    this.before = 0;
    if (this.since !== undefined) this.since = performance.now();
    this.shownTime.set(0);
  }
}
