/**
 * A lock manager that behaves as the one of a browser, for Node 20, which has none. `fake-locks.spec.ts` compares it with the real
 * one where there is one. A request and a release take their way to the manager, and an answer takes its way back. So the manager
 * hears of a release later than the page knows of it.
 */
export class FakeLockManager {
  /** How often the locks were asked for a snapshot. */
  queries = 0;
  /** Whether a victim is told only in a later turn, as in Node. */
  tellsVictimsLate = false;
  private readonly held: FakeRequest[] = [];
  private queue: FakeRequest[] = [];
  private way: Promise<void> = Promise.resolve();

  /** The page asks. As in a browser, what is wrong with a request is told by the promise. */
  request(name: string, options: FakeOptions, callback: (lock: object | null) => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request = new FakeRequest(name, options, callback, resolve, reject);
      options.signal?.addEventListener('abort', () => {
        if (!request.isGranted) {
          request.isAborted = true;
          reject(options.signal?.reason as Error);
          this.send(() => {
            this.queue = this.queue.filter((each) => each !== request);
          });
        }
      });
      this.send(() => {
        this.take(request);
      });
    });
  }

  query(): Promise<{ held: FakeInfo[]; pending: FakeInfo[] }> {
    this.queries++;
    return new Promise((resolve) => {
      this.send(() => {
        resolve({ held: this.held.map(infoOf), pending: this.queue.map(infoOf) });
      });
    });
  }

  /** The manager breaks its promise to all holders, as it does when it is gone. */
  breakAll(error: Error): void {
    for (const request of this.held.splice(0)) {
      request.reject(error);
    }
  }

  /** The way between the page and the manager keeps the order of what is sent. */
  private send(task: () => void): void {
    this.way = this.way.then(() => undefined).then(task);
  }

  private take(request: FakeRequest): void {
    if (request.isAborted) {
      return;
    }
    if (request.options.steal === true) {
      this.rob(request.name);
      this.grant(request);
      return;
    }
    const mustWait = this.queue.some(({ name }) => name === request.name) || !this.isFreeFor(request);
    if (!mustWait) {
      this.grant(request);
    } else if (request.options.ifAvailable === true) {
      this.answer(request, null);
    } else {
      this.queue.push(request);
    }
  }

  private isFreeFor({ name, mode }: FakeRequest): boolean {
    return this.held.every((each) => each.name !== name || (each.mode === 'shared' && mode === 'shared'));
  }

  private rob(name: string): void {
    for (const request of this.held.filter((each) => each.name === name)) {
      this.held.splice(this.held.indexOf(request), 1);
      const tell = (): void => {
        request.reject(new DOMException('stolen', 'AbortError'));
      };
      if (this.tellsVictimsLate) {
        setTimeout(tell);
      } else {
        tell();
      }
    }
  }

  private grant(request: FakeRequest): void {
    this.held.push(request);
    this.answer(request, { name: request.name, mode: request.mode });
  }

  private answer(request: FakeRequest, lock: object | null): void {
    void Promise.resolve().then(async () => {
      if (request.isAborted) {
        this.giveBack(request);
        return;
      }
      request.isGranted = true;
      try {
        const result = await request.callback(lock);
        this.giveBack(request);
        request.resolve(result);
      } catch (error) {
        this.giveBack(request);
        request.reject(error as Error);
      }
    });
  }

  private giveBack(request: FakeRequest): void {
    this.send(() => {
      const index = this.held.indexOf(request);
      if (index >= 0) {
        this.held.splice(index, 1);
      }
      this.grantNext(request.name);
    });
  }

  private grantNext(name: string): void {
    for (const next of this.queue.filter((each) => each.name === name)) {
      if (!this.isFreeFor(next)) {
        return;
      }
      this.queue = this.queue.filter((each) => each !== next);
      this.grant(next);
    }
  }
}

interface FakeOptions {
  readonly mode?: 'exclusive' | 'shared';
  readonly ifAvailable?: boolean;
  readonly steal?: boolean;
  readonly signal?: AbortSignal;
}

interface FakeInfo {
  readonly name: string;
  readonly mode: 'exclusive' | 'shared';
}

class FakeRequest {
  isAborted = false;
  isGranted = false;
  readonly mode: 'exclusive' | 'shared';

  constructor(
    readonly name: string,
    readonly options: FakeOptions,
    readonly callback: (lock: object | null) => unknown,
    readonly resolve: (value: unknown) => void,
    readonly reject: (error: Error) => void,
  ) {
    this.mode = options.mode ?? 'exclusive';
  }
}

function infoOf({ name, mode }: FakeRequest): FakeInfo {
  return { name, mode };
}
