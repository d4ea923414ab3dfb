import { Event } from 'rxjs-locks';

/** Runs something inside a delivery: in the `next` handler of a waiter whom a primitive is just telling. */
export function insideADelivery(run: () => void): void {
  const event = new Event();
  event.wait().subscribe(run);
  event.set();
}

function outsideOfADelivery(run: () => void): void {
  run();
}

/** Each law holds outside of a delivery and inside one. */
export const deliveries: readonly (readonly [string, (run: () => void) => void])[] = [
  ['outside of a delivery', outsideOfADelivery],
  ['inside a delivery', insideADelivery],
];
