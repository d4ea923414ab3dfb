import { Event } from '../lib/index.js';

/** Refuses what is no event, such as the DOM's class of the same name. */
export function checkEvent(operator: string, event: unknown): asserts event is Event {
  if (!(event instanceof Event)) {
    throw new TypeError(`${operator} needs an Event of rxjs-locks, but got ${String(event)}`);
  }
}
