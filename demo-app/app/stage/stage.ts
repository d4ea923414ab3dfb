import { Location } from '@angular/common';
import { computed, DestroyRef, EnvironmentInjector, inject, signal } from '@angular/core';
import { ActivatedRoute, Router } from '@angular/router';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  finalize,
  ignoreElements,
  interval,
  merge,
  NEVER,
  type Observable,
  Subscription,
  switchMap,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs';

import { lanesAt } from '../lanes/lane';
import { Backend, type BegunRun } from '../run/backend';
import { clock } from '../run/clock';
import { LiveRun, type Traced } from '../run/live-run';
import { Recording } from '../run/recording';
import { errorText } from '../shared/error-text';
import { stopped, unreachable } from '../shared/verdict';
import type { Viewable } from './replay';
import type { Contestant, Figure, Judgement, Scenario } from './scenario';
import { isSeed } from './seed-control';

type State = 'idle' | 'running' | 'ended' | 'stopped' | 'failed';

/** How long a run waits for the last answers of the server after its own end. */
const afterglow = 2_000;

/** A result that stands in the table. */
export interface Result<C extends Contestant> {
  readonly contestant: C;
  readonly figures: readonly Figure[];
  readonly tone: Judgement['verdict']['tone'];
}

/** Plays a scenario: one contestant at a time, against the real backend, with the same seed for all. */
export class Stage<C extends Contestant = Contestant> implements Viewable {
  private readonly backend = inject(Backend);
  private readonly injector = inject(EnvironmentInjector);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly location = inject(Location);
  private readonly state = signal<State>('idle');
  private readonly played = signal<Recording | undefined>(undefined);
  private readonly clockTime = signal(0);
  private readonly problem = signal<Judgement | undefined>(undefined);
  private readonly table = signal<readonly Result<C>[]>([]);
  private readonly chosen = signal<C>(undefined as never);
  private readonly seedNow = signal(1);
  private readonly primitivesNow = signal<readonly Traced[]>([]);
  private running = Subscription.EMPTY;
  private live: LiveRun | undefined;

  readonly cursor = signal<number | null>(null);

  readonly contestant = this.chosen.asReadonly();
  readonly seed = this.seedNow.asReadonly();
  readonly results = this.table.asReadonly();
  readonly primitives = this.primitivesNow.asReadonly();
  readonly recording = this.played.asReadonly();
  /** The run that the lanes show, to look it up at the server. */
  readonly runId = signal<string | null>(null);
  readonly phase = this.state.asReadonly();
  readonly isRunning = computed(() => this.state() === 'running');
  readonly isLive = this.isRunning;
  readonly canReplay = computed(() => this.state() === 'ended' || this.state() === 'stopped');
  /** The time that the lanes show, in milliseconds since the run began. */
  readonly now = computed(() => this.cursor() ?? this.clockTime());
  readonly duration = this.clockTime.asReadonly();
  readonly lanes = computed(() => lanesAt(this.played()?.moments() ?? [], this.scenario.actors(), this.cursor() ?? Infinity));
  readonly periods = computed(() => {
    const recording = this.played();
    return recording === undefined ? [] : (this.scenario.periods?.of(recording) ?? []);
  });
  readonly judgement = computed((): Judgement => {
    const recording = this.played();
    const state = this.state();
    const problem = this.problem();
    if (problem !== undefined) return problem;
    if (recording === undefined) return this.scenario.idle;
    const judged = this.scenario.judge(this.chosen(), recording, state === 'ended');
    return state === 'stopped' ? { verdict: stopped, figures: judged.figures.map(withoutTone) } : judged;
  });

  constructor(readonly scenario: Scenario<C>) {
    const { queryParamMap } = this.route.snapshot;
    const { contestants, settings = {} } = scenario;
    const wanted = queryParamMap.get('contestant');
    this.chosen.set(contestants.find(({ id }) => id === wanted) ?? contestants[0]);
    const seed = Number(queryParamMap.get('seed') ?? 1);
    if (isSeed(seed)) this.seedNow.set(seed);
    for (const [name, setting] of Object.entries(settings)) {
      const given = queryParamMap.get(name);
      if (given !== null) setting.set(given);
    }
    inject(DestroyRef).onDestroy(() => {
      this.stop();
    });
  }

  choose(contestant: C): void {
    this.stop();
    this.chosen.set(contestant);
    this.forget();
    this.writeAddress();
  }

  /** Other latencies: all results so far are of another race. */
  chooseSeed(seed: number): void {
    this.seedNow.set(seed);
    this.settingsChanged();
  }

  /** The results so far were made with other settings. */
  settingsChanged(): void {
    this.stop();
    this.forget();
    this.table.set([]);
    this.writeAddress();
  }

  /** Runs the chosen contestant. */
  run(): void {
    this.start(this.play(this.chosen()));
  }

  /** Runs all contestants, one after another. */
  runAll(): void {
    const { contestants } = this.scenario;
    this.start(
      concat(
        ...contestants.map((contestant) =>
          defer(() => {
            this.chosen.set(contestant);
            this.writeAddress();
            return this.play(contestant);
          }),
        ),
      ),
    );
  }

  /** Cancels everything that runs. There is no verdict on a run that was stopped. */
  stop(): void {
    this.running.unsubscribe();
    if (this.isRunning()) this.end('stopped');
  }

  cancel(actor: string): void {
    this.live?.cancel(actor);
  }

  /** The address of the page with the seed, the contestant and the settings. */
  address(): string {
    return new URL(this.location.prepareExternalUrl(this.router.serializeUrl(this.addressTree())), document.baseURI).href;
  }

  private start(runs: Observable<unknown>): void {
    this.stop();
    this.running = runs.subscribe({
      error: (error: unknown) => {
        this.end('failed');
        this.problem.set({ verdict: unreachable(errorText(error)), figures: [] });
      },
    });
  }

  private play(contestant: C): Observable<unknown> {
    return defer(() => {
      this.forget();
      this.state.set('running');
      return this.backend.begin(this.seed()).pipe(switchMap((run) => this.playRun(contestant, run)));
    });
  }

  /** Emits once, at the end. */
  private playRun(contestant: C, run: BegunRun): Observable<unknown> {
    return defer(() => {
      const recording = new Recording(this.scenario.nameOf);
      const live = new LiveRun(run, recording, this.injector, contestant.interceptors?.(), contestant.providers);
      const { events, primitives = [] } = this.scenario.start(contestant, live);
      this.played.set(recording);
      this.live = live;
      this.runId.set(run.id);
      this.primitivesNow.set(primitives);
      const log = this.backend.log(run).pipe(
        tap((entry) => {
          recording.addEntry(entry);
        }),
      );
      const time = clock().pipe(
        tap(() => {
          this.clockTime.set(recording.now());
        }),
      );
      const traces = merge(...primitives.map((primitive) => live.trace(primitive))).subscribe();
      const end = defer(() => this.quiet(recording)).pipe(
        tap(() => {
          this.end('ended');
          this.addResult(contestant, recording);
        }),
      );
      return merge(
        merge(log, time).pipe(ignoreElements()),
        concat(this.limited(events, recording).pipe(ignoreElements()), end),
      ).pipe(
        take(1),
        finalize(() => {
          traces.unsubscribe(); // after the run, so that they tell how it was torn down
          live.injector.destroy();
        }),
      );
    });
  }

  /** An actor that has not come to an end in time hangs for ever. An error ends the events of a contestant: its lanes tell. */
  private limited(events: Observable<unknown>, recording: Recording): Observable<unknown> {
    const limit = merge(timer(this.scenario.timeLimit), this.stillness(recording)).pipe(
      take(1),
      tap(() => {
        for (const actor of recording.open()) recording.add(actor, 'hung');
      }),
    );
    return events.pipe(
      catchError(() => EMPTY),
      takeUntil(limit),
    );
  }

  /** Emits when nothing has happened for a while, if the scenario says for how long. */
  private stillness(recording: Recording): Observable<unknown> {
    const { stillness } = this.scenario;
    if (stillness === undefined) return NEVER;
    return interval(100).pipe(filter(() => recording.now() - (recording.moments().at(-1)?.at ?? 0) >= stillness));
  }

  /** Emits when the server has answered everything, or after a while. */
  private quiet(recording: Recording): Observable<unknown> {
    const quiet = timer(100, 50).pipe(
      filter(() => {
        const log = recording.log();
        return log.filter(({ kind }) => kind === 'arrived').length === log.filter(({ kind }) => kind === 'answered').length;
      }),
    );
    return merge(quiet, timer(afterglow)).pipe(take(1));
  }

  private addResult(contestant: C, recording: Recording): void {
    const { figures, verdict } = this.scenario.judge(contestant, recording, true);
    const result = { contestant, figures, tone: verdict.tone };
    this.table.update((results) => [...results.filter((each) => each.contestant !== contestant), result]);
  }

  private end(state: State): void {
    this.state.set(state);
    this.clockTime.set(this.played()?.now() ?? 0);
  }

  private forget(): void {
    this.state.set('idle');
    this.played.set(undefined);
    this.problem.set(undefined);
    this.clockTime.set(0);
    this.cursor.set(null);
    this.primitivesNow.set([]);
    this.runId.set(null);
  }

  private addressTree(): ReturnType<Router['createUrlTree']> {
    const { settings = {} } = this.scenario;
    const queryParams = {
      contestant: this.chosen().id,
      seed: this.seed(),
      ...Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting()])),
    };
    return this.router.createUrlTree([], { relativeTo: this.route, queryParams });
  }

  private writeAddress(): void {
    void this.router.navigateByUrl(this.addressTree(), { replaceUrl: true });
  }
}

function withoutTone({ label, value }: Figure): Figure {
  return { label, value };
}
