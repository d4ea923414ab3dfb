import {
  DestroyRef,
  inject,
  makeEnvironmentProviders,
  NgZone,
  provideEnvironmentInitializer,
  type EnvironmentProviders,
  type ProviderToken,
} from '@angular/core';

import { checkOptions, checkTime } from '../internal/checks/arguments.js';
import { shown } from '../internal/checks/shown.js';
import { checkToken, isList } from './internal/arguments.js';
import { Diagnostics } from './internal/diagnostics.js';
import { WATCHER } from './internal/watcher.js';

/** The options of {@link provideLockDiagnostics}. */
export interface LockDiagnosticsOptions {
  /** Warns of a permit that is held for more than this number of milliseconds. */
  readonly heldOver?: number;
  /** Warns of a waiter that waits for more than this number of milliseconds. */
  readonly waitedOver?: number;
  /** Tokens of further primitives to observe. */
  readonly watch?: readonly ProviderToken<unknown>[];
}

/** Defined by Angular; false in a production build. */
declare const ngDevMode: unknown;

/**
 * Warns in the console of requests that wait, or hold a permit, for too long. A warning names the primitive, its holders and its
 * waiters, with their ages. There is one warning for each wait and for each permit.
 *
 * It observes the primitives that the interceptors use, and those of `watch`. In production it does nothing. The timers run
 * outside the zone, and delay neither the stability of the application nor the end of a process.
 *
 * ```ts
 * provideLockDiagnostics({ heldOver: 10_000, waitedOver: 5_000, watch: [SLOTS] });
 * ```
 *
 * @throws RangeError for a time that is not a positive number, TypeError for other malformed options; and when the injector is
 * made, TypeError for a token that gives no primitive.
 */
export function provideLockDiagnostics(options: LockDiagnosticsOptions): EnvironmentProviders {
  checkOptions('provideLockDiagnostics', options, ['heldOver', 'waitedOver', 'watch']);
  const { heldOver, waitedOver, watch = [] } = options;
  for (const [name, time] of Object.entries({ heldOver, waitedOver })) {
    if (time !== undefined) {
      checkTime(`the option ${name} of provideLockDiagnostics`, time);
    }
  }
  if (!isList(watch)) {
    throw new TypeError(`the option watch of provideLockDiagnostics must be a list of tokens, but is ${shown(watch)}`);
  }
  for (const token of watch) {
    checkToken('provideLockDiagnostics', 'a primitive', token);
  }
  return makeEnvironmentProviders([
    {
      provide: WATCHER,
      // Not isDevMode(): a bundler knows this value, and leaves the diagnostics out of a production build.
      useFactory: () => (typeof ngDevMode === 'undefined' || ngDevMode ? diagnostics(heldOver, waitedOver) : null),
    },
    provideEnvironmentInitializer(() => {
      const watcher = inject(WATCHER);
      for (const primitive of watch.map((token) => inject<unknown>(token))) {
        if (watcher?.watch(primitive) === false) {
          throw new TypeError(`provideLockDiagnostics needs tokens of primitives, but a token gave ${shown(primitive)}`);
        }
      }
    }),
  ]);
}

function diagnostics(held: number | undefined, waited: number | undefined): Diagnostics {
  const made = new Diagnostics(inject(NgZone), { held, waited });
  inject(DestroyRef).onDestroy(() => {
    made.stop();
  });
  return made;
}
