import { computed, DestroyRef, inject, signal } from '@angular/core';
import { ActivatedRoute, Router } from '@angular/router';
import { concat, defer, finalize, merge, NEVER, type Observable, Subject, Subscription, take, tap, timer } from 'rxjs';

import { between } from '../../../backend/latency';
import { lanesAt } from '../../lanes/lane';
import { Actors } from '../../run/actors';
import { Recording } from '../../run/recording';
import type { Viewable } from '../../stage/replay';
import type { Board, Cue } from './board';
import { boards } from './boards';
import { PlayTime } from './play-time';

/** The boards, and the actors that the user puts on the chosen one. */
export class Playground implements Viewable {
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly time = new PlayTime();
  private readonly chosen = signal<Board>(boards[0]);
  private readonly played = signal(new Recording());
  private readonly names = signal<readonly string[]>([]);
  /** What ends the tasks that are under way, the oldest first. */
  private readonly ends = signal<readonly Subject<void>[]>([]);
  private actors = new Actors(this.played());
  private running = new Subscription();

  readonly boards = boards;
  readonly board = this.chosen.asReadonly();
  readonly recording = this.played.asReadonly();
  readonly isRunning = this.time.isRunning;
  readonly duration = this.time.shown;
  readonly cursor = signal<number | null>(null);
  readonly now = computed(() => this.cursor() ?? this.time.shown());
  readonly isLive = computed(() => this.cursor() === null);
  readonly isEmpty = computed(() => this.names().length === 0);
  readonly canReplay = computed(() => !this.isRunning() && !this.isEmpty());
  readonly canRelease = computed(() => this.ends().length > 0);
  readonly primitives = computed(() => this.board().primitives);
  readonly lanes = computed(() => lanesAt(this.played().moments(), this.names(), this.cursor() ?? Infinity, this.board().words));
  /** Whether a permit is held until the user releases it. */
  readonly isByHand = signal(false);

  constructor() {
    const wanted = this.route.snapshot.queryParamMap.get('board');
    this.chosen.set(boards.find(({ id }) => id === wanted) ?? boards[0]);
    this.clear();
    inject(DestroyRef).onDestroy(() => {
      this.clear();
      this.running.unsubscribe();
    });
  }

  choose(board: Board): void {
    this.clear();
    this.chosen.set(board);
    this.clear();
    void this.router.navigate([], { relativeTo: this.route, queryParams: { board: board.id }, replaceUrl: true });
  }

  /** Takes all actors off the board. */
  clear(): void {
    this.running.unsubscribe();
    this.board().reset();
    this.time.reset();
    this.cursor.set(null);
    this.names.set([]);
    const recording = new Recording(undefined, () => this.time.now());
    const actors = new Actors(recording);
    this.played.set(recording);
    this.actors = actors;
    this.running = new Subscription();
    for (const primitive of this.board().primitives) this.running.add(actors.trace(primitive).subscribe());
  }

  add(kind: Board['kinds'][number]): void {
    this.act(() => {
      const number = this.names().length + 1;
      const name = `${kind.name} ${String(number)}`;
      this.names.update((names) => [...names, name]);
      const visit = kind.visit(this.task(number), name).pipe(this.actors.act(name));
      this.running.add(visit.subscribe({ error: () => undefined })); // the lane tells of the error
    });
  }

  cancel(actor: string): void {
    this.act(() => {
      this.actors.cancel(actor);
    });
  }

  /** Does something to the primitive. */
  press(action: () => void): void {
    this.act(action);
  }

  /** Ends the oldest task. */
  release(): void {
    this.act(() => {
      this.ends()[0]?.next();
    });
  }

  /** Plays the script of the board. */
  showMe(): void {
    this.clear();
    this.isByHand.set(false);
    const cues = this.board().script.map((cue) =>
      timer(cue.after).pipe(
        tap(() => {
          this.follow(cue);
        }),
      ),
    );
    this.running.add(
      concat(...cues)
        .pipe(this.time.during())
        .subscribe(),
    );
  }

  private follow(cue: Cue): void {
    const { kinds, actions, dial } = this.board();
    if ('cancel' in cue) {
      this.cancel(cue.cancel);
    } else if ('turn' in cue) {
      this.press(() => dial?.set(cue.turn));
    } else if ('press' in cue) {
      this.press(() => actions.find(({ button }) => button === cue.press)?.do());
    } else {
      const kind = kinds.find(({ name }) => name === cue.add);
      if (kind !== undefined) this.add(kind);
    }
  }

  /** Whatever happens belongs to the present: a replay ends. */
  private act(action: () => void): void {
    this.cursor.set(null);
    this.time.tick();
    action();
  }

  /** What an actor does while it holds its permit: it ends after a while, or when the user says so. */
  private task(number: number): Observable<unknown> {
    return defer(() => {
      const end = new Subject<void>();
      const length = this.isByHand() ? NEVER : timer(between(600, 1_100, 1, number));
      this.ends.update((ends) => [...ends, end]);
      return merge(length, end).pipe(
        take(1),
        finalize(() => {
          this.ends.update((ends) => ends.filter((each) => each !== end));
        }),
        this.isByHand() ? (task) => task : this.time.during(),
      );
    });
  }
}
