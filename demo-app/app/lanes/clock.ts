import { animationFrames, interval, map, type Observable, of, switchMap } from 'rxjs';

/** Emits the time at each frame while `running`, and once when it stops. With reduced motion, emits four times a second. */
export function clock(running: Observable<boolean>): Observable<number> {
  const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
  return running.pipe(
    switchMap((isRunning): Observable<unknown> => {
      if (!isRunning) return of(true);
      return reducedMotion.matches ? interval(250) : animationFrames();
    }),
    map(() => performance.now()),
  );
}
