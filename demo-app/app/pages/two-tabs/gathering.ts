import { computed, signal } from '@angular/core';
import { defer, EMPTY, filter, finalize, map, merge, mergeMap, type Observable, Subject, switchMap, tap } from 'rxjs';

import type { MomentKind } from '../../run/moment';
import type { Body } from './letters';
import { merged, type Report } from './reports';
import { type Letter, Room, type Seat } from './room';

/** The tabs of a room as this tab knows them: who is there, and what they have reported. */
export class Gathering {
  private readonly room: Room<Body>;
  private readonly ownSeat = signal<Seat | undefined>(undefined);
  private readonly others = signal<readonly Seat[]>([]);
  private readonly known = signal<readonly Report[]>([]);
  private readonly left = new Subject<Seat>();

  readonly seat = this.ownSeat.asReadonly();
  readonly reports = this.known.asReadonly();
  /** In the order of their numbers. */
  readonly tabs = computed(() => {
    const own = this.ownSeat();
    return [...this.others(), ...(own === undefined ? [] : [own])].sort((one, other) => one.tab - other.tab);
  });
  /** Emits each other tab that has gone. */
  readonly gone = this.left.asObservable();
  readonly letters: Observable<Letter<Body>>;

  constructor(readonly name: string) {
    this.room = new Room(name);
    this.letters = this.room.letters;
  }

  /** The name of a lock of this room. */
  nameOf(part: string): string {
    return this.room.nameOf(part);
  }

  /** Is there while subscribed to, and does what `activity` returns. A tab that has slept is a new one. */
  attend(activity: (seat: Seat) => Observable<unknown>): Observable<unknown> {
    return this.room.seat().pipe(
      switchMap((seat) =>
        defer(() => {
          this.ownSeat.set(seat);
          const arrival = defer(() => {
            this.say({ kind: 'here' });
            return EMPTY;
          });
          return merge(this.hearing(), this.watching(), arrival, activity(seat));
        }).pipe(
          finalize(() => {
            this.ownSeat.set(undefined);
            this.others.set([]);
          }),
        ),
      ),
    );
  }

  say(body: Body): void {
    const seat = this.ownSeat();
    if (seat !== undefined) this.room.say(seat, body);
  }

  /** Adds a moment to the lane of this tab, in all tabs. */
  report(kind: MomentKind, text?: string): void {
    const report = this.reportOf(kind, text);
    if (report !== undefined) this.publish([report]);
  }

  /** A moment of now, to be published later. */
  reportOf(kind: MomentKind, text?: string, run?: string): Report | undefined {
    const seat = this.ownSeat();
    if (seat === undefined) return undefined;
    return { ...seat, at: epochTime(), kind, ...(text !== undefined && { text }), ...(run !== undefined && { run }) };
  }

  publish(reports: readonly Report[]): void {
    this.learn(reports);
    this.say({ kind: 'reports', reports });
  }

  /** Deletes the reports of all runs but one. */
  keepRun(id: string): void {
    this.known.update((reports) => reports.filter(({ run }) => run === undefined || run === id));
  }

  close(): void {
    this.room.leave();
  }

  private hearing(): Observable<unknown> {
    return this.letters.pipe(
      tap(({ body }) => {
        if (body.kind === 'here') this.say({ kind: 'reports', reports: this.known() });
        else if (body.kind === 'reports') this.learn(body.reports);
      }),
    );
  }

  /** Knows a tab from its first letter on, until its lock is free. */
  private watching(): Observable<unknown> {
    const watched = new Set<string>();
    return this.letters.pipe(
      map(({ from }) => from),
      filter(({ life }) => !watched.has(life)),
      mergeMap((other) => {
        watched.add(other.life);
        this.others.update((others) => [...others, other]);
        return this.room.gone(other).pipe(
          tap(() => {
            this.others.update((others) => others.filter(({ life }) => life !== other.life));
            this.learn([{ ...other, at: epochTime(), kind: 'cancelled', text: 'gone' }]);
            this.left.next(other);
          }),
        );
      }),
    );
  }

  private learn(more: readonly Report[]): void {
    this.known.update((reports) => merged(reports, more));
  }
}

/** A time that all tabs share, in milliseconds. */
export function epochTime(): number {
  return performance.timeOrigin + performance.now();
}
