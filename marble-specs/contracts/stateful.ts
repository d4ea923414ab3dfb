import { firstValueFrom, map, take, type BehaviorSubject, type Observer } from 'rxjs';

import { insideADelivery } from '../support/deliveries.js';
import { thrownDuring, unhandledDuring } from '../support/unhandled.js';

/**
 * A primitive, with a function that changes its state, and one that changes it back. If a state cannot be changed back, add a
 * waiter and cancel it with `takeUntil`: `restore` may run inside `change`.
 */
export interface StatefulCase<S> {
  readonly primitive: BehaviorSubject<S> & { readonly waiting: number; toString(): string };
  /** Changes the state from `initial` to `changed`. */
  readonly change: () => void;
  /** Changes the state back to `initial`. */
  readonly restore: () => void;
  /** The state before `change`, and after it. */
  readonly initial: S;
  readonly changed: S;
}

/** What each primitive promises about its state. */
export function itIsStateful<S extends object>(name: string, create: () => StatefulCase<S>): void {
  describe(`${name} is stateful: it`, () => {
    it('emits its state on subscribe, and then every change', () => {
      const { primitive, change, restore, initial, changed } = create();
      const states: S[] = [];
      const subscription = primitive.subscribe((state) => states.push(state));
      change();
      restore();
      subscription.unsubscribe();
      change();
      expect(states).toEqual([initial, changed, initial]);
    });

    it('has the current state in value, observed or not', () => {
      const { primitive, change, restore, initial, changed } = create();
      expect(primitive.value).toEqual(initial);
      change();
      expect(primitive.value).toEqual(changed);
      expect(primitive.getValue()).toBe(primitive.value);
      const subscription = primitive.subscribe();
      insideADelivery(() => {
        restore();
        expect(primitive.value).toEqual(initial);
      });
      subscription.unsubscribe();
      expect(primitive.value).toEqual(initial);
    });

    it('starts a late observer with the current state, in every way of observing', async () => {
      const { primitive, change, changed } = create();
      change();
      const seen: unknown[] = [
        await firstValueFrom(primitive),
        await firstValueFrom(primitive.asObservable()),
        await firstValueFrom(primitive.pipe(map((state) => state))),
      ];
      primitive.pipe(take(1)).subscribe({ next: (state) => seen.push(state) });
      expect(seen).toEqual([changed, changed, changed, changed]);
    });

    it('publishes every state to every observer in order, even if the first observer changes the state', () => {
      const { primitive, change, restore, initial, changed } = create();
      const seen: S[][] = [[], []];
      const late: S[] = [];
      primitive.subscribe((state) => {
        if (seen[0]?.push(state) === 2) {
          restore();
          primitive.subscribe((each) => late.push(each));
        }
      });
      primitive.subscribe((state) => seen[1]?.push(state));
      change();
      expect(seen).toEqual([
        [initial, changed, initial],
        [initial, changed, initial],
      ]);
      expect(late).toEqual([changed, initial]);
    });

    it('publishes to a late observer every state that is not delivered yet', () => {
      const { primitive, change, restore, initial, changed } = create();
      const late: S[] = [];
      primitive.subscribe();
      insideADelivery(() => {
        change();
        primitive.subscribe((state) => late.push(state));
        restore();
      });
      expect(late).toEqual([initial, changed, initial]);
    });

    it('does so even if the only earlier observer unsubscribes just before', () => {
      const { primitive, change, restore, initial, changed } = create();
      const late: S[] = [];
      const early = primitive.subscribe();
      insideADelivery(() => {
        change();
        early.unsubscribe();
        primitive.subscribe((state) => late.push(state));
        restore();
      });
      expect(late).toEqual([initial, changed, initial]);
    });

    it('publishes no two equal states in a row, and keeps the object while nothing changes', () => {
      const { primitive, change, restore } = create();
      const states: S[] = [];
      primitive.subscribe((state) => states.push(state));
      change();
      const state = primitive.value;
      expect(primitive.value).toBe(state);
      restore();
      const texts = states.map((each) => JSON.stringify(each));
      expect(texts.filter((text, index) => text === texts[index - 1])).toEqual([]);
    });

    it('is its state in JSON, even if it is closed and value throws', () => {
      for (const close of ['complete', 'error', 'unsubscribe'] as const) {
        const { primitive, change, restore, initial, changed } = create();
        const json = (): unknown => JSON.parse(JSON.stringify(primitive));
        expect(json()).toEqual(initial);
        change();
        expect(json()).toEqual(changed);
        restore();
        primitive[close]('closed');
        expect(json()).toEqual(initial);
      }
    });

    it('publishes frozen states', () => {
      const { primitive, change } = create();
      expect(Object.isFrozen(primitive.value)).toBeTrue();
      change();
      expect(Object.isFrozen(primitive.value)).toBeTrue();
    });

    it('refuses next(), also on the result of pipe(), and stays intact', () => {
      const { primitive, initial } = create();
      const refusal = (error: Error): boolean => error.name === 'ReadOnlyStateError';
      const piped = primitive.pipe(map((state) => state));
      for (const open of [primitive as Pick<Observer<unknown>, 'next'>, piped as unknown as Observer<unknown>]) {
        expect(() => {
          open.next(initial);
        }).toThrowMatching(refusal);
      }
      expect(primitive.value).toEqual(initial);
    });

    it('says in its error why it refuses next()', () => {
      const { primitive, initial } = create();
      expect(() => {
        primitive.next(initial);
      }).toThrowError(`cannot set the state of ${String(primitive)}: only its methods change it`);
    });

    it('may change after unsubscribe() and before the delivery of the close', async () => {
      const { primitive, change, restore } = create();
      change();
      primitive.subscribe();
      const errors = await unhandledDuring(() => {
        insideADelivery(() => {
          primitive.unsubscribe();
          restore();
        });
      });
      expect(errors).toEqual([]);
    });

    it('goes on when an observer of its state throws', async () => {
      const { primitive, change, restore, initial, changed } = create();
      const states: S[] = [];
      const errors = await unhandledDuring(() => {
        primitive.subscribe((state) => {
          if (JSON.stringify(state) === JSON.stringify(changed)) {
            throw new Error('observer');
          }
        });
        primitive.subscribe((state) => states.push(state));
        change();
        restore();
      });
      expect(errors).toEqual([new Error('observer')]);
      expect(states).toEqual([initial, changed, initial]);
    });

    it('goes on with synchronous error handling too', () => {
      const { primitive, change, restore, initial, changed } = create();
      const states: S[] = [];
      primitive.subscribe((state) => {
        if (JSON.stringify(state) === JSON.stringify(changed)) {
          throw new Error('observer');
        }
      });
      primitive.subscribe((state) => states.push(state));
      thrownDuring(change);
      thrownDuring(restore);
      expect(states).toEqual([initial, changed, initial]);
      expect(primitive.value).toEqual(initial);
    });
  });
}
