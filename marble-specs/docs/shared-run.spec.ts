import { CancelledError, Lock } from 'rxjs-locks';

/** A document whose text is saved by requests that end when they are told to. */
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

/** Every promise that is settled by now has told so, and what follows from that too. */
function afterMicrotasks(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

type Save = () => Promise<void>;

/** As the README does it. */
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

/** `run()` calls its task before it returns. */
function setTooLate(lock: Lock, put: Save): Save {
  let next: Promise<void> | undefined;
  return () =>
    (next ??= lock.run(() => {
      next = undefined;
      return put();
    }));
}

function clearedAtTheEnd(lock: Lock, put: Save): Save {
  let next: Promise<void> | undefined;
  return () =>
    (next ??= Promise.resolve()
      .then(() => lock.run(put))
      .finally(() => (next = undefined)));
}

/** Writes a text and saves it; what the server has when the caller is told that it is saved. */
function saverOf(document: Document, save: Save): (text: string) => { whenTold: readonly string[] | undefined; error: unknown } {
  return (text) => {
    document.text = text;
    const caller: ReturnType<ReturnType<typeof saverOf>> = { whenTold: undefined, error: undefined };
    save().then(
      () => (caller.whenTold = [...document.saved]),
      (error: unknown) => (caller.error = error),
    );
    return caller;
  };
}

/** What the README says of callers that share one `run`. */
describe('A run of a lock that callers share', () => {
  let lock: Lock;
  let document: Document;
  let write: ReturnType<typeof saverOf>;

  beforeEach(() => {
    lock = new Lock();
    document = new Document();
    write = saverOf(document, sharing(lock, document.put));
  });

  it('is one for two callers in the same turn', async () => {
    const first = write('a');
    const second = write('ab');
    await afterMicrotasks();
    expect(document.requested).toBe(1);
    await document.land();
    expect(first.whenTold).toEqual(['ab']);
    expect(second.whenTold).toEqual(['ab']);
    expect(document.requested).toBe(0);
  });

  it('is one for all who come while it waits for the lock', async () => {
    const holder = lock.tryAcquire();
    const first = write('a');
    await afterMicrotasks();
    const second = write('ab');
    holder?.release();
    await document.land();
    expect(first.whenTold).toEqual(['ab']);
    expect(second.whenTold).toEqual(['ab']);
    expect(document.requested).toBe(0);
  });

  it('is another one for those who come while the task is running: they are told when their text is saved', async () => {
    write('a');
    await afterMicrotasks();
    const second = write('ab');
    const third = write('abc');
    await document.land();
    expect(document.saved).toEqual(['a']);
    expect(second.whenTold).toBeUndefined();
    await document.land();
    expect(second.whenTold).toEqual(['a', 'abc']);
    expect(third.whenTold).toEqual(['a', 'abc']);
    expect(document.requested).toBe(0);
  });

  it('is one for all who come while it waits, though another one ends meanwhile', async () => {
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

  it('is another one for those who come after it', async () => {
    write('a');
    await afterMicrotasks();
    await document.land();
    const second = write('ab');
    await afterMicrotasks();
    await document.land();
    expect(second.whenTold).toEqual(['a', 'ab']);
  });

  it('is another one after a task that fails, of which all who share it are told', async () => {
    const both = [write('a'), write('ab')];
    await afterMicrotasks();
    await document.fail();
    expect(both.map(({ error }) => error)).toEqual([new Error('503'), new Error('503')]);
    const later = write('abc');
    await afterMicrotasks();
    await document.land();
    expect(later.whenTold).toEqual(['abc']);
  });

  it('is another one after a wait that fails, of which all who share it are told', async () => {
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
    expect(later.whenTold).toEqual(['abc']);
  });

  it('is never another one where its promise is set from what run() returns: later callers are told what is not true', async () => {
    write = saverOf(document, setTooLate(lock, document.put));
    write('a');
    await document.land();
    const later = write('ab');
    await afterMicrotasks();
    expect(document.requested).toBe(0);
    expect(later.whenTold).toEqual(['a']);
  });

  it('is shared too long where its promise is cleared when it ends: who comes meanwhile is told what is not true', async () => {
    write = saverOf(document, clearedAtTheEnd(lock, document.put));
    write('a');
    await afterMicrotasks();
    const meanwhile = write('ab');
    await document.land();
    expect(document.requested).toBe(0);
    expect(meanwhile.whenTold).toEqual(['a']);
  });
});
