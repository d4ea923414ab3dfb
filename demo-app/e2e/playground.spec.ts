import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Page } from 'playwright-core';

import { choose, drawn, Environment, lane, runToEnd } from './environment';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = `${root}dist/pasted-specs`;

async function press(page: Page, ...buttons: string[]): Promise<void> {
  for (const name of buttons) await page.getByRole('button', { name, exact: true }).click();
  await drawn(page);
}

async function stateOf(page: Page): Promise<string> {
  return (await page.locator('app-state-panel').innerText()).replaceAll(/\s+/g, ' ').trim();
}

/** The text that a dialog shows. */
async function textIn(page: Page, button: string): Promise<string> {
  await press(page, button);
  const text = await page.locator('dialog[open] code').innerText();
  await press(page, 'Close');
  return text;
}

/** Runs a spec as somebody does who has pasted it into a project. */
function run(spec: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/pasted.spec.ts`, spec);
  const jasmine = ['--import', 'tsx', 'node_modules/jasmine/bin/jasmine.js', `${folder}/pasted.spec.ts`];
  const { stdout, stderr } = spawnSync(process.execPath, jasmine, { cwd: root, encoding: 'utf8' });
  return stdout + stderr;
}

describe('the page Playground', () => {
  const environment = new Environment();

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets consumers sleep until a producer has put something', async () => {
    const page = await environment.open('/playground?board=condition');
    await press(page, 'Add a consumer');
    await page.locator('[data-state=ended]').waitFor();
    expect(await stateOf(page)).toContain('condition "buffer" waiting 1 lock "buffer" locked false');
    expect(await lane(page, 'consumer 1').innerText()).toContain('waits');

    await press(page, 'Add a producer');
    await page.getByText('done').nth(1).waitFor();
    expect(await lane(page, 'consumer 1').innerText()).toContain('done');
    expect(await stateOf(page)).toContain('items 0 room 3');
  });

  it('lets a reader wait behind a writer, until the writer is cancelled', async () => {
    const page = await environment.open('/playground');
    await choose(page, 'Readers and a writer');
    await page.getByRole('checkbox').check();
    await press(page, 'Add a reader', 'Add a writer', 'Add a reader');
    expect(await stateOf(page)).toContain('readers 1 writing false waiting 2');

    await press(page, 'Cancel writer 2');
    expect(await stateOf(page)).toContain('readers 2 writing false waiting 0');
    expect(await lane(page, 'reader 3').innerText()).toContain('inside');

    await press(page, 'Release one');
    expect(await lane(page, 'reader 1').innerText()).toContain('done');
  });

  it('lets three parties pass, and fails those that wait when the barrier is aborted', async () => {
    const page = await environment.open('/playground?board=barrier');
    await press(page, 'Add a party', 'Add a party', 'Abort', 'Add a party', 'Reset');
    for (const party of [1, 2, 3]) expect(await lane(page, `party ${String(party)}`).innerText()).toContain('failed');

    await press(page, 'Add a party', 'Add a party', 'Add a party');
    await page.getByText('done').nth(2).waitFor();
  });

  it('lets an urgent task go first, and pauses with no slots', async () => {
    const page = await environment.open('/playground?board=priorities');
    await page.getByRole('slider', { name: 'Slots' }).fill('0');
    await press(page, 'Add a task', 'Add an urgent task');
    expect(await stateOf(page)).toContain('available 0 waiting 2');

    await page.getByRole('slider', { name: 'Slots' }).fill('1');
    expect(await lane(page, 'urgent 2').innerText()).toContain('runs');
    expect(await lane(page, 'task 1').innerText()).toContain('in the queue');
  });

  it('is linked to by its board, and is empty after "Clear"', async () => {
    const page = await environment.open('/playground');
    await choose(page, 'Barrier');
    await page.waitForURL('**/playground?board=barrier');
    await press(page, 'Add a party', 'Clear');

    expect(await page.locator('app-lanes li').count()).toBe(0);
    expect(await stateOf(page)).toContain('waiting 0 broken false');
  });

  for (const board of ['Condition', 'Readers and a writer', 'Barrier', 'Priorities and weights']) {
    it(`plays a script, and draws it as marbles: ${board}`, async () => {
      const page = await environment.open('/playground');
      await choose(page, board);
      await runToEnd(page);
      const diagram = (await textIn(page, 'As a marble diagram')).split('\n');

      expect(diagram.length).toBeGreaterThanOrEqual(7);
      expect(diagram[0]).toMatch(/1 (consumer|reader|party|task) 1 +[gp(]/);
    });
  }

  it('writes a spec that passes', async () => {
    const page = await environment.open('/playground?board=priorities');
    await runToEnd(page);
    const spec = await textIn(page, 'As a spec');

    expect(spec).toContain("{ label: 'heavy 3', weight: 3 }");
    expect(run(spec)).toContain('1 spec, 0 failures');
    expect(run(spec.replace('priority: 1', 'priority: 0'))).toContain('1 spec, 1 failure');
  });
});

describe('a run of Stale saves', () => {
  const environment = new Environment();

  it('can be copied as a spec that passes', async () => {
    const page = await environment.open('/stale-saves?contestant=with-lock');
    await runToEnd(page);
    const spec = await textIn(page, 'As a spec');

    expect(spec).toContain("new Lock({ name: 'document' })");
    expect(run(spec)).toContain('1 spec, 0 failures');
  });
});
