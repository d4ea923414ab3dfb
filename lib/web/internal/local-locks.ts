import type { Subscription } from 'rxjs';

import { ReadWriteLock, type Permit, type Side } from '../../index.js';
import type { LockManager, LockRequest } from './platform.js';

/** What the page knows of one name. It is forgotten when it is idle. */
interface Entry {
  lock: ReadWriteLock;
  readonly holders: Set<LocalRequest>;
  /** In the order of the queue. */
  readonly waiters: Set<LocalRequest>;
}

/**
 * The option `fallback: 'local'`: Web Locks within one page. They are asked as the platform is. As it does, they grant, release and
 * withdraw in a later turn: a claim that ends runs no foreign code.
 */
class LocalLocks implements LockManager {
  private readonly entries = new Map<string, Entry>();

  request(name: string, request: LockRequest, callback: (lock: object | null) => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      void Promise.resolve().then(() => {
        const entry = this.entries.get(name) ?? { lock: new ReadWriteLock(), holders: new Set(), waiters: new Set() };
        this.entries.set(name, entry);
        const forget = (): void => {
          // A victim can release when its name was forgotten already, and is in use anew.
          if (this.entries.get(name) === entry) {
            this.entries.delete(name);
          }
        };
        new LocalRequest(entry, request, callback, resolve, reject, forget).enter();
      });
    });
  }
}

export const localLocks = /* @__PURE__ */ new LocalLocks();

class LocalRequest {
  private subscription: Subscription | undefined = undefined;

  constructor(
    private readonly entry: Entry,
    private readonly request: LockRequest,
    private readonly callback: (lock: object | null) => unknown,
    private readonly resolve: (value?: unknown) => void,
    private readonly reject: (error: unknown) => void,
    private readonly forget: () => void,
  ) {}

  enter(): void {
    const { request, side } = this;
    if (request.signal?.aborted === true) {
      this.refuse(request.signal.reason); // aborted in the turn of the request
    } else if (request.steal === true) {
      this.steal();
    } else if (request.ifAvailable === true && side.locked()) {
      this.answer(null);
    } else {
      this.entry.waiters.add(this);
      this.enqueue();
      request.signal?.addEventListener('abort', () => {
        void Promise.resolve().then(() => {
          this.abort();
        });
      });
    }
  }

  private get side(): Side {
    const { lock } = this.entry;
    return this.request.mode === 'shared' ? lock.read : lock.write;
  }

  private enqueue(): void {
    this.subscription = this.side.acquire().subscribe({
      next: (permit) => {
        this.hold(permit);
      },
      error: (error: unknown) => {
        this.refuse(error); // the context of the request is broken
      },
    });
  }

  private dequeue(): void {
    this.subscription?.unsubscribe();
  }

  private abort(): void {
    if (this.entry.waiters.has(this)) {
      this.dequeue();
      this.refuse(this.request.signal?.reason);
    }
  }

  private refuse(error: unknown): void {
    this.entry.waiters.delete(this);
    this.reject(error);
    this.forgetIfIdle();
  }

  private hold(permit: Permit): void {
    const { entry } = this;
    entry.waiters.delete(this);
    entry.holders.add(this);
    this.answer({}, () => {
      entry.holders.delete(this);
      permit.release();
      this.forgetIfIdle();
    });
  }

  /**
   * Starts the name anew: the thief is the first holder of a new lock, and the waiters follow into its queue. They leave the old
   * queue from last to first, so that none of them is granted the old lock. The promises of the victims are broken.
   */
  private steal(): void {
    const { entry } = this;
    const waiters = [...entry.waiters];
    for (const waiter of [...waiters].reverse()) {
      waiter.dequeue();
    }
    entry.lock = new ReadWriteLock();
    for (const victim of entry.holders) {
      victim.reject(new Error('the lock was stolen'));
    }
    entry.holders.clear();
    const permit = entry.lock.write.tryAcquire() as Permit; // a new lock is free
    for (const waiter of waiters) {
      waiter.enqueue();
    }
    this.hold(permit);
  }

  /** Calls back, and releases in a later turn than the callback wants it, as the platform does. */
  private answer(lock: object | null, release?: () => void): void {
    void Promise.resolve(this.callback(lock)).then((value) => {
      release?.();
      this.resolve(value);
    });
  }

  private forgetIfIdle(): void {
    const { entry } = this;
    if (entry.holders.size === 0 && entry.waiters.size === 0) {
      this.forget();
    }
  }
}
