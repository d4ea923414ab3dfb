import { Observable, Subject, type OperatorFunction, type Subscriber, type UnsubscriptionError } from 'rxjs';

import { recorder } from '../support/recorder.js';

type Project = (value: string) => Observable<string>;

/** A work by hand, one for each value, which says what runs. */
class Works {
  readonly running = new Set<string>();
  private readonly subscribers = new Map<string, Subscriber<string>>();

  /** @param tornDown - is called as the work of a value is torn down. */
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
      throw new Error(`no work runs for ${value}`);
    }
    return subscriber;
  }
}

class NamedError extends Error {
  constructor(override readonly name: string) {
    super(name);
  }
}

/** What an operator over values does when something fails, and letting go of the rest makes more of it fail. */
export function itTellsTheFirstFailure(
  operator: (project: Project) => OperatorFunction<string, string>,
  atATime = Infinity,
): void {
  const values = ['A', 'B', 'C'].slice(0, atATime);

  function play(works: Works): { source: Subject<string>; record: string[] } {
    const source = new Subject<string>();
    const record: string[] = [];
    source.pipe(operator(works.project)).subscribe({
      ...recorder(record, 'x'),
      error: ({ name }: Error) => record.push(`${name} while ${[...works.running].join('') || 'nothing'} runs`),
    });
    values.forEach((value) => {
      source.next(value);
    });
    return { source, record };
  }

  if (atATime > 1) {
    it('tells the error of a work, not that of another one which fails as the first is torn down', () => {
      const works: Works = new Works((value) => {
        if (value === 'A') {
          works.of('B').error(new NamedError('second'));
        }
      });
      const { record } = play(works);
      works.of('A').error(new NamedError('first'));
      expect(record).toEqual(['first while nothing runs']);
    });

    it('hands on nothing of a work that emits or completes while another one that has failed is torn down', () => {
      const works: Works = new Works((value) => {
        if (value === 'A') {
          works.of('B').next('late');
          works.of('C').complete();
        }
      });
      const { record } = play(works);
      works.of('A').error(new NamedError('first'));
      expect(record).toEqual(['first while nothing runs']);
    });

    it('begins nothing for a value that comes while a work that has failed is torn down', () => {
      const works: Works = new Works((value) => {
        if (value === 'A') {
          source.next('D');
        }
      });
      const { source, record } = play(works);
      works.of('A').error(new NamedError('first'));
      expect(record).toEqual(['first while nothing runs']);
      expect(() => works.of('D')).toThrow();
    });

    it('tells an error when all is let go of, though a work fails meanwhile that was let go of before others', () => {
      const works: Works = new Works((value) => {
        if (value === 'A') {
          works.of('B').error(new NamedError('second'));
        }
      });
      const { source, record } = play(works);
      source.error(new NamedError('first'));
      expect(record).toEqual(['first while nothing runs']);
    });
  }

  it('tells the error of the source, not that of a work which fails as the source is torn down', () => {
    const works = new Works();
    const record: string[] = [];
    new Observable<string>((subscriber) => {
      subscriber.next('A');
      subscriber.error(new NamedError('first'));
      return () => {
        works.of('A').error(new NamedError('second'));
      };
    })
      .pipe(operator(works.project))
      .subscribe(recorder(record, 'x'));
    expect(record).toEqual(['x: first']);
    const later = new Observable<string>((subscriber) => {
      subscriber.next('A');
      end = subscriber;
      return () => {
        works.of('A').error(new NamedError('second'));
      };
    });
    let end!: Subscriber<string>;
    later.pipe(operator(works.project)).subscribe(recorder(record, 'y'));
    end.error(new NamedError('first'));
    expect(record).toEqual(['x: first', 'y: first']);
  });

  it('tells the first error though the teardown of a work throws', () => {
    const works: Works = new Works(() => {
      throw new NamedError('teardown');
    });
    const { source, record } = play(works);
    expect(() => {
      source.error(new NamedError('first'));
    }).toThrow();
    expect(record).toEqual(['first while nothing runs']);
    expect(works.running.size).toBe(0);
  });

  it('throws the errors of all teardowns, where that of the source and those of the works throw', () => {
    const works: Works = new Works((value) => {
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
    const subscription = source.pipe(operator(works.project)).subscribe();
    const thrown: string[] = [];
    try {
      subscription.unsubscribe();
    } catch (error) {
      thrown.push(...(error as UnsubscriptionError).errors.map((each: Error) => each.name));
    }
    expect(thrown).toEqual(['source', ...values]);
  });

  it('tells the first error though the subscriber fails another work as it hears of it', () => {
    const works = new Works();
    const source = new Subject<string>();
    const record: string[] = [];
    source.pipe(operator(works.project)).subscribe({
      error: ({ name }: Error) => {
        record.push(name);
        works.of('A').error(new NamedError('second'));
      },
    });
    source.next('A');
    source.error(new NamedError('first'));
    expect(record).toEqual(['first']);
  });
}
