import { Observable, Subject, type OperatorFunction, type Subscriber, type UnsubscriptionError } from 'rxjs';

import { recorder } from '../support/recorder.js';

type Project = (value: string) => Observable<string>;

/** A task by hand for each value, and a set of those that run. */
class Tasks {
  readonly running = new Set<string>();
  private readonly subscribers = new Map<string, Subscriber<string>>();

  /** @param tornDown - is called in the teardown of the task of a value. */
  constructor(private readonly tornDown: (value: string) => void = () => undefined) {}

  readonly project: Project = (value) =>
    new Observable((subscriber) => {
      this.subscribers.set(value, subscriber);
      this.running.add(value);
      return () => {
        this.running.delete(value);
        this.tornDown(value);
      };
    });

  of(value: string): Subscriber<string> {
    const subscriber = this.subscribers.get(value);
    if (subscriber === undefined) {
      throw new Error(`no task runs for ${value}`);
    }
    return subscriber;
  }
}

class NamedError extends Error {
  constructor(override readonly name: string) {
    super(name);
  }
}

/** What an operator over values does if a task or the source fails, and its teardown makes more tasks fail. */
export function itTellsTheFirstFailure(
  operator: (project: Project) => OperatorFunction<string, string>,
  atATime = Infinity,
): void {
  const values = ['A', 'B', 'C'].slice(0, atATime);

  function play(tasks: Tasks): { source: Subject<string>; record: string[] } {
    const source = new Subject<string>();
    const record: string[] = [];
    source.pipe(operator(tasks.project)).subscribe({
      ...recorder(record, 'x'),
      error: ({ name }: Error) => record.push(`${name} while ${[...tasks.running].join('') || 'nothing'} runs`),
    });
    values.forEach((value) => {
      source.next(value);
    });
    return { source, record };
  }

  if (atATime > 1) {
    it('emits the error of a task, not that of another task that fails while the first is torn down', () => {
      const tasks: Tasks = new Tasks((value) => {
        if (value === 'A') {
          tasks.of('B').error(new NamedError('second'));
        }
      });
      const { record } = play(tasks);
      tasks.of('A').error(new NamedError('first'));
      expect(record).toEqual(['first while nothing runs']);
    });

    it('emits nothing from a task that emits or completes while a failed task is torn down', () => {
      const tasks: Tasks = new Tasks((value) => {
        if (value === 'A') {
          tasks.of('B').next('late');
          tasks.of('C').complete();
        }
      });
      const { record } = play(tasks);
      tasks.of('A').error(new NamedError('first'));
      expect(record).toEqual(['first while nothing runs']);
    });

    it('starts no task for a value that arrives while a failed task is torn down', () => {
      const tasks: Tasks = new Tasks((value) => {
        if (value === 'A') {
          source.next('D');
        }
      });
      const { source, record } = play(tasks);
      tasks.of('A').error(new NamedError('first'));
      expect(record).toEqual(['first while nothing runs']);
      expect(() => tasks.of('D')).toThrow();
    });

    it('emits the error of the source after all teardowns, even if a task fails during the teardown of another', () => {
      const tasks: Tasks = new Tasks((value) => {
        if (value === 'A') {
          tasks.of('B').error(new NamedError('second'));
        }
      });
      const { source, record } = play(tasks);
      source.error(new NamedError('first'));
      expect(record).toEqual(['first while nothing runs']);
    });
  }

  it('emits the error of the source, not that of a task that fails while the source is torn down', () => {
    const tasks = new Tasks();
    const record: string[] = [];
    new Observable<string>((subscriber) => {
      subscriber.next('A');
      subscriber.error(new NamedError('first'));
      return () => {
        tasks.of('A').error(new NamedError('second'));
      };
    })
      .pipe(operator(tasks.project))
      .subscribe(recorder(record, 'x'));
    expect(record).toEqual(['x: first']);
    const later = new Observable<string>((subscriber) => {
      subscriber.next('A');
      end = subscriber;
      return () => {
        tasks.of('A').error(new NamedError('second'));
      };
    });
    let end!: Subscriber<string>;
    later.pipe(operator(tasks.project)).subscribe(recorder(record, 'y'));
    end.error(new NamedError('first'));
    expect(record).toEqual(['x: first', 'y: first']);
  });

  it('emits the first error even if the teardown of a task throws', () => {
    const tasks: Tasks = new Tasks(() => {
      throw new NamedError('teardown');
    });
    const { source, record } = play(tasks);
    expect(() => {
      source.error(new NamedError('first'));
    }).toThrow();
    expect(record).toEqual(['first while nothing runs']);
    expect(tasks.running.size).toBe(0);
  });

  it('throws the errors of all teardowns if those of the source and of the tasks throw', () => {
    const tasks: Tasks = new Tasks((value) => {
      throw new NamedError(value);
    });
    const source = new Observable<string>((subscriber) => {
      values.forEach((value) => {
        subscriber.next(value);
      });
      return () => {
        throw new NamedError('source');
      };
    });
    const subscription = source.pipe(operator(tasks.project)).subscribe();
    const thrown: string[] = [];
    try {
      subscription.unsubscribe();
    } catch (error) {
      thrown.push(...(error as UnsubscriptionError).errors.map((each: Error) => each.name));
    }
    expect(thrown).toEqual(['source', ...values]);
  });

  it('emits the first error even if the subscriber makes another task fail in its error handler', () => {
    const tasks = new Tasks();
    const source = new Subject<string>();
    const record: string[] = [];
    source.pipe(operator(tasks.project)).subscribe({
      error: ({ name }: Error) => {
        record.push(name);
        tasks.of('A').error(new NamedError('second'));
      },
    });
    source.next('A');
    source.error(new NamedError('first'));
    expect(record).toEqual(['first']);
  });
}
