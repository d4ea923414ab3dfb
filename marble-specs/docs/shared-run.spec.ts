import { CancelledError, Lock } from 'rxjs-locks';

/** A document whose text is saved by requests. Each ends by `land()` or `fail()`. */
class Document {
  text = '';
  readonly saved: string[] = [];
  private readonly requests: { land: () => void; fail: () => void }[] = [];

  readonly put = (): Promise<void> => {
    const { text } = this;
    return new Promise((resolve, reject) => {
      this.requests.push({
        land: () => {
          this.saved.push(text);
          resolve();
        },
        fail: () => {
          reject(new Error('503'));
        },
      });
    });
  };

  get requested(): number {
    return this.requests.length;
  }

  async land(): Promise<void> {
    this.requests.shift()?.land();
    await afterMicrotasks();
  }

  async fail(): Promise<void> {
    this.requests.shift()?.fail();
    await afterMicrotasks();
  }
}

/** Resolves when the callbacks of all settled promises have run, and the callbacks that follow from them. */
function afterMicrotasks(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

type Save = () => Promise<void>;

/** The function of docs/recipes.md. */
function sharing(lock: Lock, put: Save): Save {
  let next: Promise<void> | undefined;
  return () => {
    if (next === undefined) {
      const run: Promise<void> = Promise.resolve()
        .then(() =>
          lock.run(() => {
            next = undefined;
            return put();
          }),
        )
        .finally(() => {
          if (next === run) next = undefined;
        });
      next = run;
    }
    return next;
  };
}

/** Wrong, since `run()` calls its task before it returns: `next` is set after it was cleared. */
function setTooLate(lock: Lock, put: Save): Save {
  let next: Promise<void> | undefined;
  return () =>
    (next ??= lock.run(() => {
      next = undefined;
      return put();
    }));
}

/** Wrong, since `next` is cleared only when the task ends. */
function clearedAtTheEnd(lock: Lock, put: Save): Save {
  let next: Promise<void> | undefined;
  return () =>
    (next ??= Promise.resolve()
      .then(() => lock.run(put))
      .finally(() => (next = undefined)));
}

/** Writes a text and saves it. `whenSaved` is what the server has when the promise of the caller resolves. */
function saverOf(document: Document, save: Save): (text: string) => { whenSaved: readonly string[] | undefined; error: unknown } {
  return (text) => {
    document.text = text;
    const caller: ReturnType<ReturnType<typeof saverOf>> = { whenSaved: undefined, error: undefined };
    save().then(
      () => (caller.whenSaved = [...document.saved]),
      (error: unknown) => (caller.error = error),
    );
    return caller;
  };
}

/** What docs/recipes.md says about callers that share one `run`. */
describe('A run of a lock that callers share', () => {
  let lock: Lock;
  let document: Document;
  let write: ReturnType<typeof saverOf>;

  beforeEach(() => {
    lock = new Lock();
    document = new Document();
    write = saverOf(document, sharing(lock, document.put));
  });

  it('is one for two callers in the same turn of the event loop', async () => {
    const first = write('a');
    const second = write('ab');
    await afterMicrotasks();
    expect(document.requested).toBe(1);
    await document.land();
    expect(first.whenSaved).toEqual(['ab']);
    expect(second.whenSaved).toEqual(['ab']);
    expect(document.requested).toBe(0);
  });

  it('is one for all callers while it waits for the lock', async () => {
    const holder = lock.tryAcquire();
    const first = write('a');
    await afterMicrotasks();
    const second = write('ab');
    holder?.release();
    await document.land();
    expect(first.whenSaved).toEqual(['ab']);
    expect(second.whenSaved).toEqual(['ab']);
    expect(document.requested).toBe(0);
  });

  it('is another one for callers while the task runs: their promise resolves when their text is saved', async () => {
    write('a');
    await afterMicrotasks();
    const second = write('ab');
    const third = write('abc');
    await document.land();
    expect(document.saved).toEqual(['a']);
    expect(second.whenSaved).toBeUndefined();
    await document.land();
    expect(second.whenSaved).toEqual(['a', 'abc']);
    expect(third.whenSaved).toEqual(['a', 'abc']);
    expect(document.requested).toBe(0);
  });

  it('is one for all callers while it waits, although another one ends meanwhile', async () => {
    write('a');
    await afterMicrotasks();
    lock.acquire().subscribe();
    write('ab');
    await document.land();
    write('abc');
    await afterMicrotasks();
    lock.release();
    await afterMicrotasks();
    await document.land();
    expect(document.saved).toEqual(['a', 'abc']);
    expect(document.requested).toBe(0);
    expect(lock.locked()).toBeFalse();
  });

  it('is another one for callers after its end', async () => {
    write('a');
    await afterMicrotasks();
    await document.land();
    const second = write('ab');
    await afterMicrotasks();
    await document.land();
    expect(second.whenSaved).toEqual(['a', 'ab']);
  });

  it('is another one after a task that fails, with the error for all callers that share it', async () => {
    const both = [write('a'), write('ab')];
    await afterMicrotasks();
    await document.fail();
    expect(both.map(({ error }) => error)).toEqual([new Error('503'), new Error('503')]);
    const later = write('abc');
    await afterMicrotasks();
    await document.land();
    expect(later.whenSaved).toEqual(['abc']);
  });

  it('is another one after a wait that fails, with the error for all callers that share it', async () => {
    const holder = lock.tryAcquire();
    const both = [write('a'), write('ab')];
    await afterMicrotasks();
    lock.cancelWaiters();
    await afterMicrotasks();
    expect(both.every(({ error }) => error instanceof CancelledError)).toBeTrue();
    const later = write('abc');
    holder?.release();
    await afterMicrotasks();
    await document.land();
    expect(later.whenSaved).toEqual(['abc']);
  });

  it('is never another one if next is set to the promise of run(): later callers believe that their text is saved', async () => {
    write = saverOf(document, setTooLate(lock, document.put));
    write('a');
    await document.land();
    const later = write('ab');
    await afterMicrotasks();
    expect(document.requested).toBe(0);
    expect(later.whenSaved).toEqual(['a']);
  });

  it('is shared too long if next is cleared at its end: callers during the task believe that their text is saved', async () => {
    write = saverOf(document, clearedAtTheEnd(lock, document.put));
    write('a');
    await afterMicrotasks();
    const meanwhile = write('ab');
    await document.land();
    expect(document.requested).toBe(0);
    expect(meanwhile.whenSaved).toEqual(['a']);
  });
});
