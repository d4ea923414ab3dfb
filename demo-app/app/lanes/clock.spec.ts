import { firstValueFrom, NEVER, of, startWith, take, toArray } from 'rxjs';

import { clock } from './clock';

describe('clock', () => {
  it('emits the time once if nothing is running', async () => {
    const times = await firstValueFrom(clock(of(false)).pipe(toArray()));

    expect(times.length).toBe(1);
  });

  it('emits at each frame while a caller is running', async () => {
    const running = NEVER.pipe(startWith(true));
    const times = await firstValueFrom(clock(running).pipe(take(3), toArray()));

    expect(times.length).toBe(3);
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  it('emits less often if the user prefers reduced motion', () => {
    spyOn(window, 'matchMedia').and.returnValue({ matches: true } as MediaQueryList);
    jasmine.clock().install();
    let ticks = 0;
    const subscription = clock(NEVER.pipe(startWith(true))).subscribe(() => ticks++);
    jasmine.clock().tick(1_000);
    subscription.unsubscribe();
    jasmine.clock().uninstall();

    expect(ticks).toBe(4);
  });
});
