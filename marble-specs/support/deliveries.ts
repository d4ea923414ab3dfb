import { Event } from 'rxjs-locks';

/** Calls `run` inside a delivery: in the `next` handler of a waiter that receives its grant. */
export function insideADelivery(run: () => void): void {
  const event = new Event();
  event.wait().subscribe(run);
  event.set();
}

function outsideOfADelivery(run: () => void): void {
  run();
}

/** Specs run with both of these, since each promise holds outside of a delivery and inside one. */
export const deliveries: readonly (readonly [string, (run: () => void) => void])[] = [
  ['outside of a delivery', outsideOfADelivery],
  ['inside a delivery', insideADelivery],
];
