import { Location } from '@angular/common';
import { HttpClient } from '@angular/common/http';
import { computed, DestroyRef, inject, signal } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { catchError, EMPTY, interval, map, merge, switchMap, tap } from 'rxjs';
import { stateOf } from 'rxjs-locks/web';

import { lanesAt } from '../../lanes/lane';
import { Backend } from '../../run/backend';
import { errorText } from '../../shared/error-text';
import { unreachable } from '../../shared/verdict';
import type { Judgement } from '../../stage/scenario';
import { epochTime, Gathering } from './gathering';
import { idle, judgeRun, judgeWork } from './judge';
import { Refreshes } from './refreshes';
import { lossIn, momentsOf } from './reports';
import { refreshWays, takeOver, type Way, ways } from './ways';
import { Work } from './work';

/** The milliseconds that the lanes of the work show. */
const workSpan = 30_000;
const runSpan = 6_000;
/** How often the lanes are drawn. At each frame, they would take time from the tabs that are watched. */
const tick = 100;
const isName = (text: string | null): text is string => text !== null && /^[\w-]{1,20}$/.test(text);

/** The page in one tab. Each tab of a room shows the lanes of all of them. */
export class TwoTabs {
  private readonly backend = inject(Backend);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly location = inject(Location);
  private readonly shownWay = signal<Way>(takeOver);
  private readonly present = signal(epochTime());
  private readonly failure = signal<string | undefined>(undefined);
  private readonly gathering = new Gathering(this.roomName());

  readonly work = new Work(this.gathering, inject(HttpClient));
  readonly refreshes = new Refreshes(this.gathering, inject(HttpClient), this.backend);
  readonly ways = ways;
  readonly way = this.shownWay.asReadonly();
  readonly isWork = computed(() => this.way() === takeOver);
  readonly results = { scenario: { contestants: refreshWays, idle }, results: this.refreshes.results };
  readonly isRunning = computed(() => this.refreshes.run()?.state === 'running');
  readonly tabs = this.gathering.tabs;
  readonly isHere = computed(() => this.gathering.seat() !== undefined);
  /** The error with which the last section ended. */
  readonly loss = computed(() => lossIn(this.gathering.reports()));
  /** What the platform says of the lock of the work. */
  readonly lockState = toSignal(
    stateOf(this.work.lockName, 500).pipe(
      map(({ exclusive, waiting }) => ({ held: exclusive, waiting })),
      catchError(() => EMPTY),
    ),
    { initialValue: { held: false, waiting: 0 } },
  );
  readonly phase = computed(() => (this.isWork() ? 'live' : (this.run()?.state ?? 'idle')));
  readonly runId = computed(() => (this.isWork() ? this.gathering.name : (this.run()?.id ?? null)));
  readonly judgement = computed((): Judgement => {
    const problem = this.failure() ?? (this.isWork() ? this.work.problem() : this.refreshes.problem());
    const judged = this.isWork() ? judgeWork(this.work.worker(), this.gathering.tabs(), this.work.steps()) : judgeRun(this.run());
    return problem === undefined ? judged : { verdict: unreachable(problem), figures: judged.figures };
  });

  /** The run of the contestant that is shown. */
  private readonly run = computed(() => {
    const run = this.refreshes.run();
    return run?.way === this.way().id ? run : undefined;
  });
  /** Which reports the lanes show. */
  private readonly runOfLanes = computed(() => (this.isWork() ? undefined : (this.run()?.id ?? '')));
  private readonly start = computed(() => this.gathering.reports().find(({ run }) => run === this.runOfLanes())?.at);
  private readonly moments = computed(() => momentsOf(this.gathering.reports(), this.runOfLanes(), this.nameOf));

  readonly lanes = computed(() => {
    const numbers = new Set([1, 2, ...this.gathering.tabs().map(({ tab }) => tab)]);
    const actors = [...numbers].map((tab) => this.nameOf({ tab }));
    return lanesAt(this.moments(), actors, Infinity, { queued: 'waits', holding: this.isWork() ? 'works' : 'has the lock' });
  });
  /** The end of the lanes, in milliseconds. */
  readonly now = computed(() => {
    const start = this.start();
    if (start === undefined) return 0;
    const isLive = this.isWork() || this.run()?.state === 'running';
    return isLive ? Math.max(0, this.present() - start) : (this.moments().at(-1)?.at ?? 0);
  });
  /** The lanes of the work show its last part. */
  readonly from = computed(() => (this.isWork() ? Math.max(0, this.now() - workSpan) : 0));
  readonly span = computed(() => (this.isWork() ? workSpan : runSpan));

  constructor() {
    const wanted = this.route.snapshot.queryParamMap.get('way');
    this.shownWay.set(ways.find(({ id }) => id === wanted) ?? takeOver);
    this.writeAddress();
    const life = this.backend.hosts.pipe(
      switchMap(() => this.gathering.attend((seat) => merge(this.work.attend(seat), this.refreshes.attend(seat)))),
      catchError((error: unknown) => {
        this.failure.set(errorText(error));
        return EMPTY;
      }),
    );
    const time = interval(tick).pipe(
      tap(() => {
        this.present.set(epochTime());
      }),
    );
    const begun = this.refreshes.begun.pipe(
      tap((way) => {
        this.choose(way);
      }),
    );
    merge(life, time, begun).pipe(takeUntilDestroyed()).subscribe();
    inject(DestroyRef).onDestroy(() => {
      this.gathering.close();
    });
  }

  choose(way: Way): void {
    this.shownWay.set(way);
    this.writeAddress();
  }

  /** Runs the contestant that is shown. */
  refresh(): void {
    this.refreshes.begin(refreshWays.filter((way) => way === this.way()));
  }

  refreshBoth(): void {
    this.refreshes.begin(refreshWays);
  }

  /** The address that opens another tab of the room. */
  readonly address = (): string => this.location.prepareExternalUrl(this.router.serializeUrl(this.addressTree()));

  private readonly nameOf = ({ tab }: { readonly tab: number }): string =>
    `Tab ${String(tab)}${this.gathering.seat()?.tab === tab ? ', here' : ''}`;

  private roomName(): string {
    const name = this.route.snapshot.queryParamMap.get('room');
    return isName(name) ? name : Math.random().toString(36).slice(2, 8);
  }

  private addressTree(): ReturnType<Router['createUrlTree']> {
    const queryParams = { room: this.gathering.name, way: this.way().id };
    return this.router.createUrlTree([], { relativeTo: this.route, queryParams });
  }

  private writeAddress(): void {
    void this.router.navigateByUrl(this.addressTree(), { replaceUrl: true });
  }
}
