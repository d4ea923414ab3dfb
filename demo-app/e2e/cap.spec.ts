import type { Page } from 'playwright-core';

import type { LogEntry } from '../backend/contract';
import { choose, Environment, figures, isOnFirstScreen, lane, runToEnd, start, stop, verdict } from './environment';

/** The units of a request: a preview and Save take one, the chunks of a file as many as the file weighs. */
function unitsOf({ request }: LogEntry): number {
  const file = /\/uploads\/(\d+)\//.exec(request)?.[1];
  return file === undefined ? 1 : ([2, 1, 3, 2][Number(file) % 4] ?? 0);
}

/** The units at the server after each line of the log. */
function loads(log: readonly LogEntry[]): { readonly at: number; readonly units: number }[] {
  let units = 0;
  return log.map((entry) => {
    if (entry.kind === 'arrived') units += unitsOf(entry);
    if (entry.kind === 'answered') units -= unitsOf(entry);
    return { at: entry.at, units };
  });
}

const most = (log: readonly LogEntry[]): number => Math.max(...loads(log).map(({ units }) => units));
const refusals = (log: readonly LogEntry[]): LogEntry[] => log.filter(({ status }) => status === 503);
const chunks = (log: readonly LogEntry[]): LogEntry[] =>
  log.filter(({ kind, status, request }) => kind === 'answered' && status === 200 && request.includes('/chunks/'));

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
}

/** Presses Pause in the page when a first chunk is uploaded. On a busy machine, a click from here may come after Save. */
async function pauseAtFirstProgress(page: Page): Promise<void> {
  await page.evaluate(() => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('app-lanes')?.textContent.includes('1 of 4') !== true) return;
      observer.disconnect();
      document.querySelector<HTMLButtonElement>('button.pause')?.click();
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

/** Waits until the server has answered so many chunks. */
async function untilChunks(environment: Environment, page: Page, count: number): Promise<readonly LogEntry[]> {
  for (;;) {
    const log = await environment.log(page);
    if (chunks(log).length >= count) return log;
    await page.waitForTimeout(20);
  }
}

describe('the page One cap', () => {
  const environment = new Environment();

  for (const contestant of ['all at once', 'mergeMap(f, 4)']) {
    it(`shows that the server refuses requests of ${contestant}, each time`, async () => {
      const page = await environment.open('/cap');
      await choose(page, contestant);
      for (let time = 1; time <= 2; time++) {
        await runToEnd(page);
        const log = await environment.log(page);

        expect(most(log)).toBeGreaterThan(8);
        expect(await verdict(page)).toContain(`${String(refusals(log).length)} refused`);
        expect((await figures(page))['refused']).toBe(String(refusals(log).length));
        const damages = page.locator('app-lanes [data-tone=bad]');
        expect(await damages.count()).toBe(refusals(log).length);
        expect(await damages.first().innerText()).toMatch(/refused: \d+ at once/);
      }
    });
  }

  for (const contestant of ['throttleBySemaphore', 'limitRequests']) {
    it(`shows that ${contestant} uses the whole capacity and nothing is refused`, async () => {
      const page = await environment.open('/cap');
      await choose(page, contestant);
      await runToEnd(page);
      const log = await environment.log(page);

      expect(most(log)).toBe(8);
      expect(refusals(log)).toEqual([]);
      expect(chunks(log).length).toBe(64);
      expect(await verdict(page)).toContain('Right: all is sent');
      expect(await figures(page)).toEqual(
        jasmine.objectContaining({ 'at the server at once': '8 units', refused: '0', 'files uploaded': '16 of 16' }),
      );
    });

    it(`lets twelve units reach the server at once, although a browser keeps six connections to a host: ${contestant}`, async () => {
      const page = await environment.open('/cap?cap=12&server=16');
      await choose(page, contestant);
      await runToEnd(page);

      expect(most(await environment.log(page))).toBe(12);
    });

    it(`moves the cap of ${contestant} while it is in use`, async () => {
      const page = await environment.open('/cap?cap=4&server=16');
      await choose(page, contestant);
      await start(page);
      const slow = await untilChunks(environment, page, 6);
      const slider = page.getByRole('slider', { name: 'Cap' });
      await slider.press('End');
      const fast = await untilChunks(environment, page, 30);
      await slider.press('Home');
      const lowered = fast.at(-1)?.at ?? 0;
      await page.locator('[data-state=ended]').waitFor();
      const log = await environment.log(page);

      expect(most(slow)).toBe(4);
      expect(most(fast)).toBe(16);
      const late = loads(log).filter(({ at }) => at > lowered + 600);
      expect(late.length).toBeGreaterThan(10);
      expect(Math.max(...late.map(({ units }) => units))).toBe(3);
      expect(chunks(log).length).toBe(64);
    });

    it(`says that Save waits too long without a priority: ${contestant}`, async () => {
      const page = await environment.open('/cap?cap=4');
      await choose(page, contestant);
      await page.getByRole('checkbox', { name: 'Save has priority' }).uncheck();
      await runToEnd(page);

      expect(await verdict(page)).toMatch(/Nothing refused, but Save waited \d\.\d s/);
      expect(new URL(page.url()).searchParams.get('urgent')).toBe('no');
    });
  }

  it('pauses the uploads at the gate, while Save and the previews pass', async () => {
    const page = await environment.open('/cap?contestant=limit-requests');
    await start(page);
    await untilChunks(environment, page, 4);
    await press(page, 'Pause');
    await lane(page, 'Save').getByText('done').waitFor();
    await lane(page, 'preview 8').getByText('done').waitFor();
    const paused = await environment.log(page);

    expect(await verdict(page)).toContain('Paused');
    expect(paused.at(-1)?.request).toContain('/previews/');
    await press(page, 'Resume');
    await page.locator('[data-state=ended]').waitFor();

    expect(chunks(await environment.log(page)).length).toBe(64);
    expect(await verdict(page)).toContain('Right: all is sent');
  });

  it('says that Save waits too, when the pause is a cap of 0', async () => {
    const page = await environment.open('/cap?contestant=throttle');
    await pauseAtFirstProgress(page);
    await start(page);
    await lane(page, 'preview 8').getByText('in the queue').waitFor();
    await page.waitForTimeout(500);

    expect((await environment.log(page)).some(({ request }) => request.includes('/profile'))).toBeFalse();
    await press(page, 'Resume');
    await page.locator('[data-state=ended]').waitFor();

    expect(await verdict(page)).toContain('Nothing refused, but Save waited');
    expect(chunks(await environment.log(page)).length).toBe(64);
  });

  it('shows the progress of each upload, and sends nothing more of one that is cancelled', async () => {
    const page = await environment.open('/cap?contestant=limit-requests&cap=4');
    await start(page);
    await lane(page, 'file 16 ×2').getByText('1 of 4').waitFor();
    await press(page, 'Cancel file 16 ×2');
    await page.locator('[data-state=ended]').waitFor();
    const log = await environment.log(page);

    expect(await lane(page, 'file 16 ×2').innerText()).toContain('cancelled');
    expect(log.some(({ request }) => request.endsWith('/uploads/16/chunks/4'))).toBeFalse();
    expect(chunks(log).filter(({ request }) => !request.includes('/uploads/16/')).length).toBe(60);
    expect(await verdict(page)).toContain('Nothing refused, 1 cancelled');
  });

  it('tells of refused requests while the run goes on, on the first screen', async () => {
    for (const viewport of [
      { width: 1280, height: 720 },
      { width: 400, height: 800 },
    ]) {
      const page = await environment.open('/cap?contestant=merge-map', { viewport });
      await start(page);
      await page
        .locator('app-verdict')
        .getByText(/\d+ refused/)
        .waitFor();

      expect(await page.locator('[data-state]').first().getAttribute('data-state')).toBe('running');
      expect(await isOnFirstScreen(page, page.locator('app-verdict'))).toBeTrue();
    }
  });

  it('gives no verdict on a run that was stopped', async () => {
    const page = await environment.open('/cap?contestant=merge-map');
    await start(page);
    await page
      .locator('app-verdict')
      .getByText(/\d+ refused/)
      .waitFor();
    await stop(page);

    expect(await verdict(page)).toContain('Stopped.');
    expect(await page.locator('.figures [data-tone]').count()).toBe(0);
  });
});
