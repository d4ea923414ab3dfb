import { Observable } from 'rxjs';
import type { Acquirable, Permit } from 'rxjs-locks';

/** A lock of other code, which has nothing in common with this library but the interface `Acquirable`. */
export class ForeignLock implements Acquirable {
  private holder: ForeignPermit | undefined;
  private queue: ((permit: Permit) => void)[] = [];

  get waiting(): number {
    return this.queue.length;
  }

  get locked(): boolean {
    return this.holder !== undefined;
  }

  acquire(): Observable<Permit> {
    return new Observable((subscriber) => {
      const grant = (permit: Permit): void => {
        subscriber.next(permit);
        subscriber.complete();
      };
      const permit = this.tryAcquire();
      if (permit !== null) {
        grant(permit);
        return undefined;
      }
      this.queue.push(grant);
      return () => {
        this.queue = this.queue.filter((each) => each !== grant);
      };
    });
  }

  tryAcquire(): Permit | null {
    return this.holder === undefined
      ? (this.holder = new ForeignPermit(() => {
          this.pass();
        }))
      : null;
  }

  private pass(): void {
    this.holder = undefined;
    const next = this.queue.shift();
    if (next !== undefined) {
      next(
        (this.holder = new ForeignPermit(() => {
          this.pass();
        })),
      );
    }
  }
}

class ForeignPermit implements Permit {
  released = false;

  constructor(private readonly pass: () => void) {}

  release(): void {
    if (!this.released) {
      this.released = true;
      this.pass();
    }
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
