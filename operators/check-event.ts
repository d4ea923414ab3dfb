import { Event } from '../lib/index.js';
import { refusal } from '../lib/internal/checks/copy.js';

/** Throws unless `event` is an `Event` of this library. The DOM has a class of the same name. */
export function checkEvent(operator: string, event: unknown): asserts event is Event {
  if (!(event instanceof Event)) {
    throw refusal(operator, 'an Event of rxjs-locks', event);
  }
}
