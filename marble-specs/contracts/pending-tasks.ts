import { Subject, Subscriber, take, takeUntil, type Observable, type ObservableInput } from 'rxjs';

import { recorder } from '../support/recorder.js';

/** Runs a task while holding a permit: all that come by one of these hold the same one. */
export type RunInside = (task: () => ObservableInput<string>) => Observable<string>;

/** A task that waits for its gate twice, and then once more as it is stopped; by then nothing of it runs any more. */
class Pending {
  private readonly open: (() => void)[] = [];
  inside = 0;
  most = 0;

  /** Lets all go on that wait at the gate. */
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

/** Lets everything go on that waits for nothing but promises. */
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

/** A stream that cannot be iterated, as those of some browsers. */
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

/** A `ReadableStream` that gives what is generated, where it is iterable; where it is not, a reader does the same. */
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

/** Law 7: unsubscribing cannot stop what is made of promises, so that its permit is held until nothing of it runs any more. */
export function itHoldsForPendingTasks(name: string, create: () => RunInside): void {
  describe(`${name}, whose task is`, () => {
    for (const [kind, make] of kinds) {
      it(`${kind}, hands on its values, and lets the next one in when it is done`, async () => {
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

      it(`${kind}, holds the permit while it runs, though everyone left`, async () => {
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

      it(`${kind}, holds the permit where it is ended from outside between two values`, async () => {
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

    it('an async iterable, tells its error, and passes the permit on', async () => {
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

    it('an async iterator by hand, which fails or throws as it is asked or stopped, passes the permit on', async () => {
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

    it('a promise or an async iterable, passes the permit on where its subscriber throws', async () => {
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

    it('an async iterator by hand, whose results are none, or cannot be read, fails, and passes the permit on', async () => {
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

    it('an async iterator by hand, is done when its result says so by any value that counts as true, as in for await', async () => {
      const inside = create();
      const record: string[] = [];
      const iterable = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: 1 }) }) } as unknown;
      inside(() => iterable as AsyncIterable<string>)
        .pipe(take(2))
        .subscribe(recorder(record, '1'));
      await ticks();
      expect(record).toEqual(['1: complete']);
    });

    it('an async iterator whose maker makes everyone leave, is asked for nothing', async () => {
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

    it('a stream that cannot be iterated, is unlocked when it is done, and when everyone has left', async () => {
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

    it('an async iterator by hand, is not stopped where it is done or has failed', async () => {
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

    it('an async iterator by hand, says what its results should be', async () => {
      const inside = create();
      const messages: string[] = [];
      const iterable = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(5) }) } as unknown;
      inside(() => iterable as AsyncIterable<string>).subscribe({ error: ({ message }: Error) => messages.push(message) });
      await ticks();
      expect(messages).toEqual(['the result of an async iterator must be an object, but is 5']);
    });

    it('something that can be iterated at once, is, though it has a reader too, as by RxJS', () => {
      const inside = create();
      const record: string[] = [];
      const both = Object.assign(['a'], { getReader: () => ({}) }) as unknown;
      inside(() => both as string[]).subscribe(recorder(record, '1'));
      expect(record).toEqual(['1: a', '1: complete']);
    });

    it('an async iterable that cannot even begin, fails', async () => {
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

    it('something that is both an async iterable and an observable, is observed, as by RxJS', async () => {
      const inside = create();
      const record: string[] = [];
      const source = new Subject<string>();
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- there is such a symbol only where somebody made it
      const interop = { [Symbol.observable ?? '@@observable']: () => source };
      const both: unknown = Object.assign(interop, { [Symbol.asyncIterator]: () => generate(new Pending()) });
      inside(() => both as Observable<string>).subscribe(recorder(record, '1'));
      source.next('observed');
      await ticks();
      expect(record).toEqual(['1: observed']);
    });
  });
}
