/** What a peer does not do and ours does, in the same words wherever it is said. */

/** One waiter cannot be cancelled, or keeps its place until its turn: it is not out of the queue at once. */
export const LEAVING = 'leaving the queue';

/** There is nothing to subscribe to that tells who is inside and how many wait. */
export const STATE = 'an observable state';

/** Each takes one unit. */
export const WEIGHTS = 'weights';

/** Where an observer acts on a state, other observers see the states in the wrong order. */
export const ORDER = 'order where an observer acts';
