/** A job without a server, for specs. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { defer, endWith, ignoreElements, merge, NEVER, type Observable, of, Subject, takeUntil } from 'rxjs';

import type { Hosts, LogEntry } from '../../backend/contract';
import { Backend, type BegunRun } from '../run/backend';
import type { LiveRun, Traced } from '../run/live-run';
import type { Recording } from '../run/recording';
import type { Contestant, Judgement, Scenario, Started } from './scenario';
import { Stage } from './stage';
import { StageView } from './stage-view';

const hosts: Hosts = { kind: 'server', origins: [], log: '' };

/** The spec says what the server sees. */
class FakeBackend implements Pick<Backend, 'begin' | 'hosts' | 'log'> {
  readonly hosts = of(hosts);
  readonly seeds: number[] = [];
  /** Lines that the server adds to its log. */
  readonly entries = new Subject<LogEntry>();
  /** Set: no run begins. */
  failure: Observable<never> | undefined;

  begin(seed: number): Observable<BegunRun> {
    return defer(() => {
      this.seeds.push(seed);
      return this.failure ?? of({ id: `run-${String(this.seeds.length)}`, seed, hosts });
    });
  }

  log(): Observable<LogEntry> {
    return this.entries;
  }

  says(kind: LogEntry['kind'], request: string, more: Pick<LogEntry, 'status' | 'text'> = {}): void {
    this.entries.next({ sequence: 1, at: 0, request, kind, ...more });
  }
}

const judged = (tone: Judgement['verdict']['tone'], headline: string, value: string): Judgement => ({
  verdict: { tone, headline, detail: 'By the log.' },
  figures: [{ label: 'answers', value, ...((tone === 'good' || tone === 'bad') && { tone }) }],
});

/** Two contestants, and an actor whose source is a subject of the spec. */
class FakeScenario implements Scenario {
  readonly contestants: readonly [Contestant, ...Contestant[]] = [
    { id: 'a', name: 'the first', remark: 'It is simple.', source: 'const first = 1;' },
    { id: 'b', name: 'the second', remark: 'It is right.', source: 'const second = 2;' },
  ];
  readonly span = 1_000;
  readonly timeLimit = 5_000;
  stillness?: number;
  readonly idle = judged('idle', 'Who is right?', '–');
  readonly settings = { mode: signal('slow') };
  /** The contestants that have started. */
  readonly started: string[] = [];
  readonly primitives: Traced[] = [];
  /** Set: what the actor does besides. */
  task: Observable<unknown> = NEVER;
  /** What the actor waits for in the run that goes on. */
  source = new Subject<void>();

  readonly actors = (): readonly string[] => ['actor'];
  readonly nameOf = (request: string): string | undefined => (request === 'GET /actor' ? 'actor' : undefined);

  start({ id }: Contestant, live: LiveRun): Started {
    this.started.push(id);
    this.source = new Subject();
    const ended = this.source.pipe(ignoreElements(), endWith(0));
    return { events: merge(this.source, this.task.pipe(takeUntil(ended))).pipe(live.act('actor')), primitives: this.primitives };
  }

  judge(_contestant: Contestant, recording: Recording, isOver: boolean): Judgement {
    const log = recording.log();
    const answers = String(log.filter(({ kind }) => kind === 'answered').length);
    if (log.some(({ kind }) => kind === 'damage')) return judged('bad', 'Damage', answers);
    return isOver ? judged('good', 'Right', answers) : judged('busy', 'It goes on', answers);
  }
}

@Component({
  imports: [StageView],
  template: `<app-stage [stage]="stage" runLabel="Do it" recipe="docs/angular.md" />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class JobPage {
  readonly stage = new Stage(inject(FakeScenario));
}

/** The present for timers and for recordings. */
let now = 0;

/** The page of the job. Time passes by `pass` only: `jasmine.clock()` is installed, so uninstall it. */
export class Job {
  readonly backend = TestBed.inject(FakeBackend);
  readonly scenario = TestBed.inject(FakeScenario);

  private constructor(
    private readonly fixture: ComponentFixture<unknown>,
    readonly page: HTMLElement,
    readonly stage: Stage,
  ) {}

  static async open(query = ''): Promise<Job> {
    TestBed.configureTestingModule({
      providers: [
        FakeBackend,
        FakeScenario,
        { provide: Backend, useExisting: FakeBackend },
        provideRouter([{ path: 'job', component: JobPage }]),
      ],
    });
    const harness = await RouterTestingHarness.create();
    const { stage } = await harness.navigateByUrl(`/job${query}`, JobPage);
    await harness.fixture.whenStable();
    jasmine.clock().install();
    spyOn(performance, 'now').and.callFake(() => now);
    return new Job(harness.fixture, harness.fixture.nativeElement as HTMLElement, stage);
  }

  /** What an element shows, with single spaces. */
  text(selector: string): string {
    this.fixture.detectChanges();
    return (this.page.querySelector(selector)?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
  }

  press(label: string): void {
    this.button(label).click();
  }

  button(label: string): HTMLButtonElement {
    this.fixture.detectChanges();
    const found = [...this.page.querySelectorAll('button')].find(
      (button) => (button.getAttribute('aria-label') ?? button.innerText).trim() === label,
    );
    if (found === undefined) throw new Error(`there is no button ${label}`);
    return found;
  }

  choose(contestant: string): void {
    this.fixture.detectChanges();
    this.page.querySelector<HTMLInputElement>(`input[value=${contestant}]`)?.click();
  }

  /** The actor comes to its end, and the server has answered everything. */
  end(): void {
    this.scenario.source.complete();
    this.pass(200);
  }

  pass(milliseconds: number): void {
    now += milliseconds;
    jasmine.clock().tick(milliseconds);
  }

  async settle(): Promise<void> {
    await this.fixture.whenStable();
  }

  destroy(): void {
    this.fixture.destroy();
  }
}
