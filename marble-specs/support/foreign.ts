import { Observable } from 'rxjs';
import type { Acquirable, Permit } from 'rxjs-locks';

/** Somebody else's lock: it shares nothing with ours but the shape of `Acquirable`. */
export class ForeignLock implements Acquirable {
  private holder: ForeignPermit | undefined;
  private line: ((permit: Permit) => void)[] = [];

  get waiting(): number {
    return this.line.length;
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
      this.line.push(grant);
      return () => {
        this.line = this.line.filter((each) => each !== grant);
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
    const next = this.line.shift();
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
