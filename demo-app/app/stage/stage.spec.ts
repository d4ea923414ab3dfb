import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { NEVER, throwError } from 'rxjs';
import { Lock, trace } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { Job } from './fakes';

describe('Stage', () => {
  afterEach(() => {
    jasmine.clock().uninstall();
  });

  it('shows all contestants, and no verdict before the first run', async () => {
    const job = await Job.open();

    expect([...job.page.querySelectorAll('app-segments label')].map((label) => label.textContent.trim())).toEqual([
      'the first',
      'the second',
    ]);
    expect(job.text('app-verdict')).toBe('Who is right?By the log.');
    expect(job.text('.figures')).toBe('answers–');
    expect(job.text('[data-contestant=b]')).toBe('the second–');
    expect(job.text('app-code-panel pre')).toBe('const first = 1;');
    expect(job.text('.remark')).toBe('It is simple.');
  });

  it('judges a run by the log of the server, again and again while it goes on', async () => {
    const job = await Job.open();
    job.press('Do it');
    expect(job.stage.phase()).toBe('running');
    expect(job.text('app-verdict')).toContain('It goes on');
    job.backend.says('arrived', 'GET /actor');
    expect(job.text('[data-actor=actor] .state')).toBe('at the server');
    job.backend.says('damage', 'GET /actor', { text: 'overwrote 1' });
    expect(job.text('app-verdict')).toContain('Damage');
    expect(job.text('[data-actor=actor] .state')).toBe('overwrote 1');
    job.backend.says('answered', 'GET /actor', { status: 200 });
    expect(job.text('.figures')).toBe('answers1');
    expect(job.stage.phase()).toBe('running');
    job.end();

    expect(job.stage.phase()).toBe('ended');
    expect(job.text('[data-contestant=a]')).toBe('the first1');
    expect(job.page.querySelector('[data-run]')?.getAttribute('data-run')).toBe('run-1');
  });

  it('gives the verdict when the server has answered everything', async () => {
    const job = await Job.open();
    job.press('Do it');
    job.backend.says('arrived', 'GET /actor');
    job.end();
    job.pass(1_000);
    expect(job.text('app-verdict')).toContain('It goes on');
    job.backend.says('answered', 'GET /actor', { status: 200 });
    job.pass(100);

    expect(job.text('app-verdict')).toContain('Right');
  });

  it('does not wait for an answer for ever', async () => {
    const job = await Job.open();
    job.press('Do it');
    job.backend.says('arrived', 'GET /actor');
    job.end();
    job.pass(2_000);

    expect(job.stage.phase()).toBe('ended');
  });

  it('gives no verdict on a run that is stopped', async () => {
    const job = await Job.open();
    job.press('Do it');
    job.backend.says('damage', 'GET /other');
    expect(job.text('app-verdict')).toContain('Damage');
    expect(job.page.querySelector('.figures [data-tone]')).not.toBeNull();
    job.press('Stop');

    expect(job.stage.phase()).toBe('stopped');
    expect(job.text('app-verdict')).toContain('Stopped.');
    expect(job.page.querySelector('.figures [data-tone]')).toBeNull();
    expect(job.scenario.source.observed).toBeFalse();
    expect(job.backend.entries.observed).toBeFalse();
    expect(job.text('[data-actor=actor] .state')).toBe('cancelled');
    expect(job.text('[data-contestant=a]')).toBe('the first–');
  });

  it('stops when the page is left', async () => {
    const job = await Job.open();
    job.press('Do it');
    job.destroy();

    expect(job.scenario.source.observed).toBeFalse();
    expect(job.backend.entries.observed).toBeFalse();
  });

  it('runs all contestants, one after another, with the same seed', async () => {
    const job = await Job.open('?seed=7');
    job.press('Run all');
    expect(job.scenario.started).toEqual(['a']);
    job.end();
    expect(job.scenario.started).toEqual(['a', 'b']);
    expect(job.stage.contestant().id).toBe('b');
    job.backend.says('damage', 'GET /actor');
    job.end();

    expect(job.stage.phase()).toBe('ended');
    expect(job.stage.results().map(({ contestant, tone }) => [contestant.id, tone])).toEqual([
      ['a', 'good'],
      ['b', 'bad'],
    ]);
    expect(job.backend.seeds).toEqual([7, 7]);
  });

  it('ends with the run that is stopped when all run', async () => {
    const job = await Job.open();
    job.press('Run all');
    job.press('Stop');
    job.pass(10_000);

    expect(job.scenario.started).toEqual(['a']);
  });

  it('says that an actor hangs if it has not come to an end within the time limit', async () => {
    const job = await Job.open();
    job.press('Do it');
    job.pass(4_999);
    expect(job.stage.phase()).toBe('running');
    job.pass(200);

    expect(job.stage.phase()).toBe('ended');
    expect(job.text('[data-actor=actor] .state')).toBe('hangs for ever');
  });

  it('says that an actor hangs if nothing happens for as long as the scenario allows', async () => {
    const job = await Job.open();
    job.scenario.stillness = 1_000;
    job.press('Do it');
    job.pass(900);
    job.backend.says('arrived', 'GET /actor');
    job.backend.says('answered', 'GET /actor');
    job.pass(900);
    expect(job.stage.phase()).toBe('running');
    job.pass(100);
    job.pass(100);

    expect(job.stage.phase()).toBe('ended');
    expect(job.text('[data-actor=actor] .state')).toBe('hangs for ever');
  });

  it('shows the error of a contestant in its lane, and judges the run', async () => {
    const job = await Job.open();
    job.press('Do it');
    job.scenario.source.error(new Error('refused'));
    job.pass(200);

    expect(job.text('[data-actor=actor] .state')).toBe('failed');
    expect(job.text('app-verdict')).toContain('Right');
  });

  it('says that there is no run if the backend does not answer', async () => {
    const job = await Job.open();
    job.backend.failure = throwError(() => new HttpErrorResponse({ status: 0 }));
    job.press('Do it');

    expect(job.stage.phase()).toBe('failed');
    expect(job.text('app-verdict')).toBe('No run.The backend did not answer: the server cannot be reached.');
    expect(job.scenario.started).toEqual([]);
    job.backend.failure = undefined;
    job.press('Do it');
    expect(job.stage.phase()).toBe('running');
  });

  it('cancels an actor by the button of its lane', async () => {
    const job = await Job.open();
    job.press('Do it');
    job.press('Cancel actor');

    expect(job.scenario.source.observed).toBeFalse();
    expect(job.text('[data-actor=actor] .state')).toBe('cancelled');
  });

  it('shows the states of the moment that a replay shows', async () => {
    const job = await Job.open();
    const lock = new Lock({ name: 'document' });
    job.scenario.primitives.push({ name: String(lock), state: lock, steps: trace(lock) });
    const shown = () => job.text('app-state-panel').replace('waiting', ' waiting');
    job.press('Do it');
    expect(shown()).toContain('locked false');
    job.pass(100);
    const permit = lock.tryAcquire();
    const waiter = lock.acquire().subscribe();
    expect(shown()).toContain('locked true waiting 1');
    job.pass(100);
    waiter.unsubscribe();
    permit?.release();
    job.end();
    expect(shown()).toContain('locked false waiting 0');
    job.stage.cursor.set(99);
    expect(shown()).toContain('locked false waiting 0');
    job.stage.cursor.set(150);
    expect(shown()).toContain('locked true waiting 1');
    job.stage.cursor.set(null);

    expect(shown()).toContain('locked false waiting 0');
  });

  it('shows the states at the end of a run that is stopped', async () => {
    const job = await Job.open();
    const lock = new Lock();
    job.scenario.primitives.push({ name: String(lock), state: lock, steps: trace(lock) });
    job.scenario.task = NEVER.pipe(withLock(lock));
    job.press('Do it');
    expect(job.text('app-state-panel')).toContain('locked true');
    job.press('Stop');

    expect(job.text('app-state-panel')).toContain('locked false');
  });

  it('takes contestant, seed and settings from the address', async () => {
    const job = await Job.open('?contestant=b&seed=7&mode=fast');

    expect(job.stage.contestant().id).toBe('b');
    expect(job.stage.seed()).toBe(7);
    expect(job.scenario.settings.mode()).toBe('fast');
    expect(job.stage.address()).toBe(`${location.origin}/job?contestant=b&seed=7&mode=fast`);
  });

  it('ignores what it does not know in an address', async () => {
    const job = await Job.open('?contestant=x&seed=-1&other=1');

    expect(job.stage.contestant().id).toBe('a');
    expect(job.stage.seed()).toBe(1);
  });

  it('writes each choice into the address', async () => {
    const job = await Job.open();
    const router = TestBed.inject(Router);
    jasmine.clock().uninstall();
    job.choose('b');
    await job.settle();
    expect(router.url).toBe('/job?contestant=b&seed=1&mode=slow');
    job.scenario.settings.mode.set('fast');
    job.stage.chooseSeed(9);
    await job.settle();

    expect(router.url).toBe('/job?contestant=b&seed=9&mode=fast');
  });

  it('keeps results when another contestant is chosen, and drops them with another seed', async () => {
    const job = await Job.open();
    job.press('Do it');
    job.end();
    job.choose('b');
    expect(job.text('app-verdict')).toContain('Who is right?');
    expect(job.text('[data-contestant=a]')).toBe('the first0');
    job.stage.chooseSeed(2);

    expect(job.text('[data-contestant=a]')).toBe('the first–');
  });

  it('shows the seed, and takes another one that the user types', async () => {
    const job = await Job.open('?seed=7');
    const field = job.page.querySelector<HTMLInputElement>('app-seed-control input');
    const type = (seed: string) => {
      if (field === null) throw new Error('there is no field');
      field.value = seed;
      field.dispatchEvent(new Event('change'));
    };
    expect(field?.value).toBe('7');
    type('12');
    expect(job.stage.seed()).toBe(12);
    for (const wrong of ['', '-1', '1.5', String(2 ** 32)]) {
      type(wrong);
      expect(field?.value).withContext(wrong).toBe('12');
    }

    expect(job.stage.address()).toContain('&seed=12&');
    expect(job.stage.phase()).toBe('idle');
  });

  it('makes another run with another seed', async () => {
    const job = await Job.open('?seed=5000');
    const random = spyOn(Math, 'random');
    for (const [value, seed] of [
      [0, 1],
      [0.5, 5_001],
      [0.9999999, 9_999],
    ] as const) {
      random.and.returnValue(value);
      job.press('Another run');
      expect(job.button('Another run').disabled).toBeTrue();
      job.end();
      expect(job.stage.seed()).toBe(seed);
      job.stage.chooseSeed(5_000);
    }

    expect(job.backend.seeds).toEqual([1, 5_001, 9_999]);
  });

  it('copies the address', async () => {
    const job = await Job.open('?seed=7');
    const write = spyOn(navigator.clipboard, 'writeText').and.resolveTo();
    job.press('Copy a link to this run');
    await Promise.resolve();

    expect(write).toHaveBeenCalledOnceWith(`${location.origin}/job?contestant=a&seed=7&mode=slow`);
    expect(job.button('Copied')).toBeDefined();
    job.pass(2_000);
    expect(job.button('Copy a link to this run')).toBeDefined();
  });
});
