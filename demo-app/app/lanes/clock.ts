import { animationFrames, interval, map, type Observable, of, switchMap } from 'rxjs';

/** The time at every frame while `running`, and once when it stops; four times a second where motion is unwelcome. */
export function clock(running: Observable<boolean>): Observable<number> {
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  return running.pipe(
    switchMap((isRunning): Observable<unknown> => {
      if (!isRunning) return of(true);
      return calm.matches ? interval(250) : animationFrames();
    }),
    map(() => performance.now()),
  );
}
