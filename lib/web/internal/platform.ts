import { WebLocksUnavailableError } from '../web-locks-unavailable-error.js';

/** The lock manager of the platform, or what stands for it. Its types are here, so that consumers need no types of the DOM. */
export interface LockManager {
  request(name: string, options: LockRequest, callback: (lock: object | null) => unknown): Promise<unknown>;
}

export interface LockRequest {
  readonly mode?: 'exclusive' | 'shared';
  readonly ifAvailable?: boolean;
  readonly steal?: boolean;
  readonly signal?: AbortSignal;
}

/** The lock manager of the platform itself, which can be asked for a snapshot. */
export interface PlatformLocks extends LockManager {
  query(): Promise<LockSnapshot>;
}

export interface LockSnapshot {
  readonly held?: readonly { readonly name?: string; readonly mode?: string }[];
  readonly pending?: readonly { readonly name?: string; readonly mode?: string }[];
}

const host = globalThis as { readonly navigator?: { readonly locks?: PlatformLocks; readonly userAgent?: string } };

/** Returns the lock manager of the platform. @throws {@link WebLocksUnavailableError} where there is none. */
export function platformLocks(): PlatformLocks {
  const locks = host.navigator?.locks;
  if (locks === undefined) {
    throw new WebLocksUnavailableError(
      'this platform has no Web Locks (navigator.locks): they need a secure context (https or localhost) and a browser that has them',
    );
  }
  return locks;
}

/** The lock manager of Node has limits of its own, see `nudge.ts` and `claim.ts`. */
export function isNode(): boolean {
  return host.navigator?.userAgent?.startsWith('Node.js') === true;
}

/** Tells an error by which the platform refuses all Web Locks from any other error. Returns the error for the caller. */
export function refusalIn(error: unknown): unknown {
  const { name } = Object(error) as { readonly name?: unknown };
  return name === 'SecurityError' || name === 'InvalidStateError'
    ? new WebLocksUnavailableError('the platform refuses Web Locks here: an opaque origin, or a document that is gone', {
        cause: error,
      })
    : error;
}
