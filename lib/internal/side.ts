import type { Observable, ObservableInput } from 'rxjs';

import type { Acquirable, Permit } from '../permit.js';
import { acquiring } from './acquisition.js';
import { checkPositive } from './arguments.js';
import { enter, tryEnter, type Claim, type Trying } from './claim.js';
import { comeIn, takeAtOnce, tryToComeIn, type Entrance } from './entrance.js';
import { run, use, type RunOptions, type UseOptions } from './use.js';

// It is a Door too. That is internal, and a declaration that said so would lack the members.
/** What of a primitive can be acquired by itself, where the primitive as a whole cannot. */
export abstract class Side implements Acquirable {
  /** Waits, and emits the {@link Permit}. Prefer {@link use}: a permit that travels as a value can be dropped on its way. */
  acquire(weight = 1): Observable<Permit> {
    checkPositive('weight', weight);
    return acquiring(this, weight);
  }

  /** A permit at once, or `null` where one would have to wait. */
  tryAcquire(weight = 1): Permit | null {
    return takeAtOnce(this.entrance(), weight);
  }

  /** Runs `work` inside: the safe form. See {@link Lock.use}, which does the same. */
  use<T>(work: (permit: Permit) => ObservableInput<T>, options?: UseOptions): Observable<T> {
    return use(this, work, options);
  }

  /** Runs `work` inside, for `async`/`await`. See {@link Lock.run}, which does the same. */
  run<T>(work: (permit: Permit) => T | PromiseLike<T>, options?: RunOptions): Promise<T> {
    return run(this, work, options);
  }

  /** Whether one who comes now would have to wait. */
  locked(): boolean {
    return !this.entrance().isFreeFor(1);
  }

  /** @internal */
  [enter](claim: Claim): void {
    comeIn(this.entrance(), claim);
  }

  /** @internal */
  [tryEnter](claim: Trying): void {
    tryToComeIn(this.entrance(), claim);
  }

  /** Where one who comes now comes in; it is the home of that claim. */
  protected abstract entrance(): Entrance;
}
