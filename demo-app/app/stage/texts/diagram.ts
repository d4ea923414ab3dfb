import { map, merge, timer } from 'rxjs';
import { Condition } from 'rxjs-locks';
import { marbleOf } from 'rxjs-locks/testing';
import { TestScheduler } from 'rxjs/testing';

import type { TracedStep } from '../../run/recording';
import { frameOf } from './frames';

/** The steps of a run as a marble diagram: they are played again in virtual time. */
export function diagramOf(steps: readonly TracedStep[]): string {
  const scheduler = new TestScheduler(() => undefined);
  let diagram = '';
  scheduler.run(({ flush }) => {
    const events = numbered(steps).map((step) => timer(frameOf(step, steps)).pipe(map(() => step.event)));
    marbleOf(merge(...events)).subscribe((drawn) => {
      diagram = drawn;
    });
    flush();
  });
  return diagram;
}

/** A primitive counts its waiters from run to run. In a diagram of one run they begin with 1. */
export function numbered(steps: readonly TracedStep[]): readonly TracedStep[] {
  const groups = new Map<unknown, Map<number, number>>();
  return steps.map((step) => {
    const { primitive, waiter } = step.event;
    if (waiter === undefined) return step;
    const group = primitive instanceof Condition ? primitive.lock : primitive;
    const numbers = groups.get(group) ?? new Map<number, number>();
    groups.set(group, numbers);
    const number = numbers.get(waiter) ?? numbers.size + 1;
    numbers.set(waiter, number);
    return { ...step, event: { ...step.event, waiter: number } };
  });
}
