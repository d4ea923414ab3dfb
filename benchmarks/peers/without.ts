/** The features of ours that some peers lack, each with one name in all tables. */

/** One waiter cannot be cancelled, or stays in the queue after its cancellation. */
export const CANCELLING = 'cancelling one waiter';

/** There is no observable that emits whether the lock is held and how many waiters it has. */
export const STATE = 'an observable state';

/** Each waiter acquires one unit. */
export const WEIGHTS = 'weights';

/** If an observer calls the lock, other observers see the states in the wrong order. */
export const ORDER = 'order with reentrant observers';
