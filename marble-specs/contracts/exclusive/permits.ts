import { concat, defer, EMPTY, NEVER, Observable, repeat, tap } from 'rxjs';
import type { Permit } from 'rxjs-locks';

import { deepFreeze } from '../../support/deep-freeze.js';
import { deliveries } from '../../support/deliveries.js';

import type { ExclusiveCase } from './case.js';

/** How permits are given and released. */
export function itGivesPermits(create: () => ExclusiveCase): void {
  describe('Permits', () => {
    it('gives none before a subscription', () => {
      const { primitive } = create();
      primitive.acquire();
      primitive.use(() => EMPTY);
      expect(primitive.locked()).toBeFalse();
    });

    it('gives one to each subscription, so that concat and repeat work', () => {
      const { primitive } = create();
      const record: string[] = [];
      const turn = primitive.acquire().pipe(
        tap((permit) => {
          record.push(String(primitive.locked()));
          permit.release();
        }),
      );
      concat(turn, turn.pipe(repeat(2))).subscribe();
      expect(record).toEqual(['true', 'true', 'true']);
      expect(primitive.locked()).toBeFalse();
    });

    it('gives permits that log what they are and whether they are released', () => {
      const { primitive, queue } = create();
      const permits: Permit[] = [];
      primitive.acquire().subscribe((permit) => permits.push(permit));
      primitive.use((permit) => [permits.push(permit)]).subscribe();
      permits[0]?.release();
      for (const permit of permits) {
        // eslint-disable-next-line @typescript-eslint/no-base-to-string -- `Permit` does not promise it, because other libraries implement `Permit` too
        expect(String(permit)).toMatch(new RegExp(`^permit of .*${String(queue)}`));
        expect(JSON.stringify(permit)).toBe('{"released":true}');
      }
      expect(JSON.stringify(primitive.tryAcquire())).toBe('{"released":false}');
    });

    for (const [where, deliver] of deliveries) {
      it(`releases a permit once, and never the permit of a later holder, ${where}`, () => {
        const { primitive } = create();
        const first = primitive.tryAcquire();
        deliver(() => {
          first?.release();
        });
        expect(first?.released).toBeTrue();
        const second = primitive.tryAcquire();
        deliver(() => {
          first?.release();
          first?.[Symbol.dispose]();
        });
        expect(second?.released).toBeFalse();
        expect(primitive.locked()).toBeTrue();
      });

      it(`releases a permit that a store has frozen, ${where}`, () => {
        const { primitive } = create();
        const record: string[] = [];
        const ways: Observable<Permit | null>[] = [
          primitive.acquire(),
          defer(() => [primitive.tryAcquire()]),
          primitive.use((permit) => concat([permit], NEVER)),
        ];
        for (const way of ways) {
          let held: Permit | null | undefined;
          way.subscribe((permit) => {
            held = permit;
          });
          primitive.acquire().subscribe((permit) => {
            record.push('next');
            permit.release();
          });
          deepFreeze(held);
          deliver(() => {
            held?.release();
          });
          expect(held?.released).toBeTrue();
        }
        expect(record).toEqual(['next', 'next', 'next']);
        expect(primitive.locked()).toBeFalse();
      });
    }

    it('releases a permit at the end of a using block', () => {
      const { primitive } = create();
      const permit = primitive.tryAcquire();
      permit?.[Symbol.dispose]();
      expect(permit?.released).toBeTrue();
      expect(primitive.locked()).toBeFalse();
    });

    it('gives none to a subscriber that is already closed', () => {
      const { primitive, queue } = create();
      const tasks: string[] = [];
      const states: unknown[] = [];
      queue.subscribe((state) => states.push(state));
      new Observable((subscriber) => {
        subscriber.unsubscribe();
        primitive.acquire().subscribe(subscriber);
        primitive.use(() => tasks).subscribe(subscriber);
      }).subscribe();
      expect(primitive.locked()).toBeFalse();
      expect(states.length).toBe(1);
    });
  });
}
