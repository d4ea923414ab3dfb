import { animationFrames, interval, map, type Observable } from 'rxjs';

/** Emits at each frame; with reduced motion, four times a second. */
export function clock(): Observable<void> {
  const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const ticks: Observable<unknown> = reducedMotion ? interval(250) : animationFrames();
  return ticks.pipe(map(() => undefined));
}
