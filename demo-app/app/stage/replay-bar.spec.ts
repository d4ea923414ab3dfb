import { Job } from './fakes';

describe('ReplayBar', () => {
  afterEach(() => {
    jasmine.clock().uninstall();
  });

  const finished = async () => {
    const job = await Job.open();
    job.press('Do it');
    job.pass(100);
    job.backend.says('arrived', 'GET /actor');
    job.pass(100);
    job.backend.says('answered', 'GET /actor', { status: 200 });
    job.pass(100);
    job.end();
    const times = [0, 100, 200, 300];
    return { job, times };
  };
  const slider = (page: HTMLElement) => page.querySelector<HTMLInputElement>('app-replay-bar input');

  it('waits for the end of a run', async () => {
    const job = await Job.open();
    expect(job.button('Replay slowly').disabled).toBeTrue();
    job.press('Do it');
    expect(job.button('Replay slowly').disabled).toBeTrue();
    expect(slider(job.page)?.disabled).toBeTrue();
    job.end();

    expect(job.button('Replay slowly').disabled).toBeFalse();
    expect(job.button('Step').disabled).toBeFalse();
  });

  it('goes from moment to moment, back and forth', async () => {
    const { job, times } = await finished();
    job.stage.cursor.set(-1);
    for (const time of times) {
      job.press('Step');
      expect(job.stage.cursor()).toBe(time);
    }
    job.press('Step');
    expect(job.stage.cursor()).toBe(times.at(-1) ?? -1);
    for (const time of times.slice(0, -1).reverse()) {
      job.press('Step back');
      expect(job.stage.cursor()).toBe(time);
    }
    job.press('Step back');

    expect(job.stage.cursor()).toBe(times[0] ?? -1);
  });

  it('shows the lanes as they were at the time of the slider', async () => {
    const { job } = await finished();
    const states = [100, 150, 200, 300, 500].map((time) => {
      const input = slider(job.page);
      if (input === null) throw new Error('there is no slider');
      input.value = String(time);
      input.dispatchEvent(new Event('input'));
      return job.text('[data-actor=actor] .state');
    });

    expect(states).toEqual(['at the server', 'at the server', 'waits', 'done', 'done']);
    expect(job.text('app-replay-bar output')).toBe('0.50 s');
  });

  it('plays four times slower than life from the beginning to the end, and pauses', async () => {
    const { job } = await finished();
    const frames = async () => {
      for (let count = 1; count <= 2; count++) await new Promise(requestAnimationFrame);
    };
    job.press('Replay slowly');
    job.pass(400);
    await frames();
    expect(job.stage.cursor()).toBe(100);
    expect(job.text('[data-actor=actor] .state')).toBe('at the server');
    job.press('Pause');
    job.pass(400);
    await frames();
    expect(job.stage.cursor()).toBe(100);
    job.press('Replay slowly');
    job.pass(400);
    await frames();
    expect(job.stage.cursor()).toBe(200);
    job.pass(4_000);
    await frames();
    expect(job.stage.cursor()).toBe(500);
    job.press('Replay slowly');
    await frames();

    expect(job.stage.cursor()).toBe(0);
  });
});
