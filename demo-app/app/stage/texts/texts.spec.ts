import { NEVER, type Observable, Subject } from 'rxjs';
import { type AcquireOptions, Barrier, BoundedSemaphore, Lock, type Semaphore, trace, type TraceEvent } from 'rxjs-locks';
import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';

import { Recording } from '../../run/recording';
import { diagramOf } from './diagram';
import { play, programOf } from './program';
import { specOf } from './texts';

/** A recording of a primitive, with a clock that is set by hand. Actors arrive, and go by their names. */
class Run {
  private time = 0;
  private readonly ends = new Map<string, Subject<void>>();
  readonly recording = new Recording(undefined, () => this.time);

  constructor(private readonly primitive: Lock | Semaphore) {
    const steps: Observable<TraceEvent> = primitive instanceof Lock ? trace(primitive) : trace(primitive);
    steps.subscribe((event) => {
      this.recording.addStep(event);
    });
  }

  at(time: number): this {
    this.time = time;
    return this;
  }

  comes(label: string, options: AcquireOptions = {}): this {
    const end = new Subject<void>();
    const { primitive } = this;
    const permit =
      primitive instanceof Lock ? withLock(primitive, { label }) : throttleBySemaphore(primitive, { label, ...options });
    this.ends.set(label, end);
    const subscription = NEVER.pipe(permit).subscribe();
    end.subscribe(() => {
      subscription.unsubscribe();
    });
    return this;
  }

  goes(label: string): this {
    this.ends.get(label)?.next();
    return this;
  }

  get steps(): ReturnType<Recording['traced']> {
    return this.recording.traced();
  }
}

describe('The texts of a run', () => {
  const atLock = (lock = new Lock({ name: 'document' })): Run =>
    new Run(lock)
      .at(1_000)
      .comes('a')
      .at(1_040)
      .comes('b')
      .comes('c')
      .at(1_081)
      .goes('c')
      .at(1_100)
      .goes('a')
      .at(1_160)
      .goes('b');
  const drawn = ['1 a    g====r', '2 b    --p..g==r', '3 c    --p.x'];

  it('draw the steps as marbles, from the first step on', () => {
    expect(diagramOf(atLock().steps).split('\n')).toEqual(drawn);
  });

  it('number the waiters of each run from 1', () => {
    const lock = new Lock();
    atLock(lock);

    expect(diagramOf(atLock(lock).steps).split('\n')).toEqual(drawn);
  });

  it('tell a run at a lock as a program', () => {
    expect(programOf(atLock().steps)).toEqual({
      kind: 'Lock',
      name: 'document',
      units: 1,
      visits: [
        { arrives: 0, holds: 5, options: { label: 'a' } },
        { arrives: 2, holds: 3, options: { label: 'b' } },
        { arrives: 2, leaves: 4, options: { label: 'c' } },
      ],
      resizes: [],
    });
  });

  it('tell a run at a semaphore as a program, with weights, priorities and bounds', () => {
    const semaphore = new BoundedSemaphore(2);
    const demands: Record<string, AcquireOptions> = { heavy: { weight: 2 }, urgent: { priority: 1 } };
    const run = new Run(semaphore).comes('a').at(20).comes('heavy', demands['heavy']).at(40).comes('urgent', demands['urgent']);
    run.at(60).goes('a');
    semaphore.resize(3);
    run.at(100).goes('urgent');
    const program = programOf(run.steps, (label) => demands[label] ?? {});

    expect(program).toEqual({
      kind: 'BoundedSemaphore',
      name: undefined,
      units: 2,
      visits: [
        { arrives: 0, holds: 3, options: { label: 'a' } },
        { arrives: 1, options: { label: 'heavy', weight: 2 } },
        { arrives: 2, holds: 3, options: { label: 'urgent', priority: 1 } },
      ],
      resizes: [{ at: 4, bound: 3 }],
    });
    expect(programOf(run.steps)).withContext('without the weights').toBeUndefined();
  });

  it('keep the order of what happens within a frame', () => {
    const run = new Run(new Lock()).comes('a').goes('a').comes('b').comes('c').goes('c').comes('d').goes('b');
    const program = programOf(run.steps);

    expect(program?.visits.map(({ arrives }) => arrives)).toEqual([0, 1, 1, 3]);
    expect(program && play(program).diagram.split('\n')).toEqual([
      '1 a    (gr)',
      '2 b    ----g=r',
      '3 c    ----px',
      '4 d    ------(pg)',
    ]);
  });

  it('write requests without the number of the run, and quote names', () => {
    const run = new Run(new Lock({ name: "a user's" })).comes('PUT /api/runs/7f/documents/1').comes('b').goes('b');
    const spec = specOf(run.steps, []);

    expect(spec).toContain(String.raw`new Lock({ name: 'a user\'s' })`);
    expect(spec).toContain("arrive(0, NEVER, { label: 'PUT /documents/1' });");
    expect(spec).toContain("arrive(0, NEVER, { label: 'b' }, timer(1));");
  });

  it('give no spec of another primitive, of several ones, and of nothing', () => {
    const recording = new Recording();
    const barrier = new Barrier(2);
    trace(barrier).subscribe((event) => {
      recording.addStep(event);
    });
    barrier.wait({ label: 'a' }).subscribe();

    expect(specOf(recording.traced(), [])).toBeUndefined();
    expect(specOf([...atLock().steps, ...atLock().steps], [])).toBeUndefined();
    expect(specOf([], [])).toBeUndefined();
    expect(diagramOf([])).toBe('');
  });
});
