import { Subject, Subscriber, take, takeUntil, type Observable, type ObservableInput } from 'rxjs';

import { recorder } from '../support/recorder.js';

/** Runs a task while holding a permit. All tasks of one function hold the same permit, one after another. */
export type RunInside = (task: () => ObservableInput<string>) => Observable<string>;

/** The state of tasks that wait for a gate: how many run, and how many ran at the same time at most. */
class Pending {
  private readonly open: (() => void)[] = [];
  inside = 0;
  most = 0;

  /** Opens the gate for all tasks that wait at it. */
  async goOn(): Promise<void> {
    this.open.splice(0).forEach((open) => {
      open();
    });
    await ticks();
  }

  async gate(): Promise<void> {
    await new Promise<void>((resolve) => this.open.push(resolve));
  }

  enter(): void {
    this.inside++;
    this.most = Math.max(this.most, this.inside);
  }

  leave(): void {
    this.inside--;
  }
}

/** Waits until all settled promises have run their callbacks. */
function ticks(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

type Make = (pending: Pending) => ObservableInput<string>;

async function* generate(pending: Pending): AsyncGenerator<string> {
  pending.enter();
  try {
    await pending.gate();
    yield 'a';
    await pending.gate();
    yield 'b';
  } finally {
    pending.leave();
  }
}

/** A stream that cannot be iterated, as in some browsers. */
function streamOf(pending: Pending): ObservableInput<string> {
  const values = generate(pending);
  return {
    getReader: () => ({
      read: () => values.next(),
      cancel: () => values.return(undefined),
      releaseLock: () => undefined,
    }),
  };
}

const kinds: readonly (readonly [string, Make])[] = [
  ['an async generator', generate],
  [
    'an async iterable',
    (pending) => ({
      [Symbol.asyncIterator]: () => {
        const values = generate(pending);
        return { next: () => values.next(), return: () => values.return(undefined) };
      },
    }),
  ],
  ['a stream of the platform', (pending) => iterableStream(generate(pending))],
  ['a stream that cannot be iterated', streamOf],
];

/** A `ReadableStream` with the generated values. It is read by iteration, or by a reader if it is not iterable. */
function iterableStream(values: AsyncGenerator<string>): ObservableInput<string> {
  const stream: unknown = new ReadableStream<string>(
    {
      async pull(controller) {
        const result = await values.next();
        if (result.done === true) {
          controller.close();
        } else {
          controller.enqueue(result.value);
        }
      },
      async cancel() {
        await values.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
  return stream as ObservableInput<string>; // the DOM's type has more overloads than RxJS's
}

/** Unsubscribing cannot stop a task that is made of promises. So its permit is held until the task has ended. */
export function itHoldsForPendingTasks(name: string, create: () => RunInside): void {
  describe(`${name}, whose task is`, () => {
    for (const [kind, make] of kinds) {
      it(`${kind}, emits its values, and grants the next subscriber when it is done`, async () => {
        const inside = create();
        const pending = new Pending();
        const record: string[] = [];
        for (const each of ['1', '2']) {
          inside(() => make(pending)).subscribe(recorder(record, each));
        }
        await ticks();
        for (let steps = 0; steps < 4; steps++) {
          await pending.goOn();
        }
        expect(record).toEqual(['1: a', '1: b', '1: complete', '2: a', '2: b', '2: complete']);
        expect(pending.most).toBe(1);
      });

      it(`${kind}, holds the permit while it runs, even if the subscriber has unsubscribed`, async () => {
        const inside = create();
        const pending = new Pending();
        const record: string[] = [];
        const first = inside(() => make(pending)).subscribe(recorder(record, '1'));
        await ticks();
        first.unsubscribe();
        inside(() => make(pending)).subscribe(recorder(record, '2'));
        await ticks();
        expect(pending.inside).toBe(1);
        for (let steps = 0; steps < 4; steps++) {
          await pending.goOn();
        }
        expect(record).toEqual(['2: a', '2: b', '2: complete']);
        expect(pending.most).toBe(1);
        expect(pending.inside).toBe(0);
      });

      it(`${kind}, holds the permit if it is ended from outside between two values`, async () => {
        const inside = create();
        const pending = new Pending();
        const record: string[] = [];
        const end = new Subject<void>();
        inside(() => make(pending))
          .pipe(takeUntil(end))
          .subscribe(recorder(record, '1'));
        inside(() => make(pending)).subscribe(recorder(record, '2'));
        await ticks();
        await pending.goOn();
        end.next();
        await ticks();
        expect(record).toEqual(['1: a', '1: complete']);
        for (let steps = 0; steps < 4; steps++) {
          await pending.goOn();
        }
        expect(record.slice(2)).toEqual(['2: a', '2: b', '2: complete']);
        expect(pending.most).toBe(1);
      });
    }

    it('an async iterable, emits its error, and passes the permit on', async () => {
      const inside = create();
      const record: string[] = [];
      const fails = async function* (): AsyncGenerator<string> {
        yield await Promise.resolve('a');
        throw new RangeError();
      };
      inside(fails).subscribe(recorder(record, '1'));
      inside(() => Promise.resolve('b')).subscribe(recorder(record, '2'));
      await ticks();
      expect(record).toEqual(['1: a', '1: RangeError', '2: b', '2: complete']);
    });

    it('an async iterator by hand that throws or rejects in next() or return(), passes the permit on', async () => {
      const inside = create();
      const record: string[] = [];
      const fail = (): never => {
        throw new RangeError();
      };
      const iterable = (next: () => unknown, end?: () => unknown) =>
        ({ [Symbol.asyncIterator]: () => ({ next, ...(end && { return: end }) }) }) as AsyncIterable<string>;
      inside(() => iterable(fail)).subscribe(recorder(record, '1'));
      await ticks();
      let settle!: (result: IteratorResult<string>) => void;
      const never = (): Promise<unknown> => new Promise((resolve) => (settle = resolve));
      for (const end of [undefined, fail, () => Promise.reject(new RangeError())]) {
        inside(() => iterable(never, end))
          .subscribe()
          .unsubscribe();
        settle({ done: true, value: undefined });
        await ticks();
      }
      inside(() => Promise.resolve('b')).subscribe(recorder(record, '2'));
      await ticks();
      expect(record).toEqual(['1: RangeError', '2: b', '2: complete']);
    });

    it('a promise or an async iterable, passes the permit on if its subscriber throws', async () => {
      const inside = create();
      const record: string[] = [];
      class Throwing extends Subscriber<string> {
        override next(): void {
          throw new RangeError('next');
        }

        override error(error: unknown): void {
          record.push(String(error));
          super.unsubscribe();
        }
      }
      const values = async function* (): AsyncGenerator<string> {
        yield await Promise.resolve('a');
      };
      for (const task of [() => Promise.resolve('a'), values]) {
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other way to a subscriber that throws
        inside(task).subscribe(new Throwing());
      }
      inside(() => Promise.resolve('b')).subscribe(recorder(record, 'next'));
      await ticks();
      expect(record).toEqual(['RangeError: next', 'RangeError: next', 'next: b', 'next: complete']);
    });

    it('an async iterator by hand with malformed or unreadable results, fails and passes the permit on', async () => {
      const inside = create();
      const record: string[] = [];
      const unreadable = {
        get done(): boolean {
          throw new RangeError();
        },
      };
      for (const result of [undefined, 5, unreadable]) {
        const iterable = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(result) }) } as unknown;
        inside(() => iterable as AsyncIterable<string>).subscribe(recorder(record, '1'));
        await ticks();
      }
      inside(() => Promise.resolve('b')).subscribe(recorder(record, '2'));
      await ticks();
      expect(record).toEqual(['1: TypeError', '1: TypeError', '1: RangeError', '2: b', '2: complete']);
    });

    it('an async iterator by hand, is done when done is any truthy value, as in for await', async () => {
      const inside = create();
      const record: string[] = [];
      const iterable = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: 1 }) }) } as unknown;
      inside(() => iterable as AsyncIterable<string>)
        .pipe(take(2))
        .subscribe(recorder(record, '1'));
      await ticks();
      expect(record).toEqual(['1: complete']);
    });

    it('an async iterator whose creation makes the subscriber unsubscribe, is never asked for a value', async () => {
      const inside = create();
      const record: string[] = [];
      const end = new Subject<void>();
      const iterator = {
        next: () => {
          record.push('next');
          return Promise.resolve({ done: true as const, value: undefined });
        },
      };
      inside(() => {
        end.next();
        return { [Symbol.asyncIterator]: () => iterator };
      })
        .pipe(takeUntil(end))
        .subscribe(recorder(record, '1'));
      inside(() => Promise.resolve('b')).subscribe(recorder(record, '2'));
      await ticks();
      expect(record).toEqual(['1: complete', '2: b', '2: complete']);
    });

    it('a stream that cannot be iterated, is unlocked when it is done, and when its subscriber has unsubscribed', async () => {
      const inside = create();
      for (const isLeft of [false, true]) {
        const stream = new ReadableStream<string>({
          start: (controller) => {
            controller.enqueue('a');
            if (!isLeft) {
              controller.close();
            }
          },
        });
        const locked: boolean[] = [];
        const task = { getReader: () => stream.getReader() } as ObservableInput<string>;
        const running = inside(() => task).subscribe(() => locked.push(stream.locked));
        await ticks();
        running.unsubscribe();
        await ticks();
        expect([...locked, stream.locked]).toEqual([true, false]);
      }
    });

    it('an async iterator by hand, is not stopped after it is done or has failed', async () => {
      const inside = create();
      const record: string[] = [];
      const end = jasmine.createSpy('return');
      for (const next of [() => Promise.resolve({ done: true, value: undefined }), () => Promise.reject(new RangeError())]) {
        const iterable = { [Symbol.asyncIterator]: () => ({ next, return: end }) } as unknown;
        inside(() => iterable as AsyncIterable<string>).subscribe(recorder(record, '1'));
        await ticks();
      }
      expect(record).toEqual(['1: complete', '1: RangeError']);
      expect(end).not.toHaveBeenCalled();
    });

    it('an async iterator by hand, says in its error what a result must be', async () => {
      const inside = create();
      const messages: string[] = [];
      const iterable = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(5) }) } as unknown;
      inside(() => iterable as AsyncIterable<string>).subscribe({ error: ({ message }: Error) => messages.push(message) });
      await ticks();
      expect(messages).toEqual(['the result of an async iterator must be an object, but is 5']);
    });

    it('a synchronous iterable that has a reader too, is iterated, as by RxJS', () => {
      const inside = create();
      const record: string[] = [];
      const both = Object.assign(['a'], { getReader: () => ({}) }) as unknown;
      inside(() => both as string[]).subscribe(recorder(record, '1'));
      expect(record).toEqual(['1: a', '1: complete']);
    });

    it('an async iterable that throws when the iteration starts, fails', async () => {
      const inside = create();
      const record: string[] = [];
      const iterable = {
        [Symbol.asyncIterator]: () => {
          throw new RangeError();
        },
      };
      inside(() => iterable).subscribe(recorder(record, '1'));
      inside(() => Promise.resolve('b')).subscribe(recorder(record, '2'));
      await ticks();
      expect(record).toEqual(['1: RangeError', '2: b', '2: complete']);
    });

    it('both an async iterable and an observable, is observed, as by RxJS', async () => {
      const inside = create();
      const record: string[] = [];
      const source = new Subject<string>();
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the symbol exists only if a polyfill defines it
      const interop = { [Symbol.observable ?? '@@observable']: () => source };
      const both: unknown = Object.assign(interop, { [Symbol.asyncIterator]: () => generate(new Pending()) });
      inside(() => both as Observable<string>).subscribe(recorder(record, '1'));
      source.next('observed');
      await ticks();
      expect(record).toEqual(['1: observed']);
    });
  });
}
