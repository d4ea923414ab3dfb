// Runs each contestant of pages of the built demo twenty times, and counts the bad verdicts. A contestant must fail each time or
// never: what comes and goes proves nothing to a visitor.
//
//   node scripts/twenty.mjs                                        all pages, with their first settings
//   node scripts/twenty.mjs /cap '/per-item?onCancel=abort'        some pages
//   node scripts/twenty.mjs '/token-refresh?contestant=published'  one contestant
//
// Options: --times 20, and --tabs 1: so many tabs run the same contestant at once, which keeps the machine busy.
import { parseArgs } from 'node:util';

import { chromium } from 'playwright-core';
import { tsImport } from 'tsx/esm/api';

import { findChrome } from './chrome.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '20' }, tabs: { type: 'string', default: '1' } },
});
const [times, tabs] = [Number(values.times), Number(values.tabs)];
const { listen } = await tsImport('../demo-app/server/server.ts', import.meta.url);
const { pages } = await tsImport('../demo-app/app/routes.ts', import.meta.url);
const server = await listen({ pages: 'dist/demo/browser' });
const { executablePath, args, env } = await findChrome();
const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });

/** Opens an address in a tab of its own. */
async function open(address) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.goto(server.url + address);
  await page.locator('router-outlet + *').waitFor();
  return page;
}

/** The contestants of a page. A page of texts, and the playground, have none. */
async function contestantsOf(address) {
  const page = await open(address);
  const ids = await page.locator('app-stage app-segments input').evaluateAll((inputs) => inputs.map(({ value }) => value));
  await page.close();
  return ids;
}

/** Runs what an address names, and counts the bad verdicts. */
async function badVerdicts(address, runs) {
  const page = await open(address);
  let bad = 0;
  for (let run = 0; run < runs; run++) {
    const before = await page.locator('app-stage').getAttribute('data-run');
    await page.locator('button.run').click();
    await page.locator(`[data-state=ended]:not([data-run="${before}"])`).waitFor({ timeout: 120_000 });
    bad += await page.locator('app-verdict [data-tone=bad]').count();
  }
  await page.close();
  return bad;
}

let unsure = 0;
try {
  for (const address of positionals.length > 0 ? positionals : pages.map(({ path }) => `/${path}`)) {
    const { pathname, searchParams } = new URL(address, server.url);
    const wanted = searchParams.get('contestant');
    for (const id of wanted === null ? await contestantsOf(address) : [wanted]) {
      searchParams.set('contestant', id);
      const each = Array.from({ length: tabs }, (_, tab) => Math.floor((times + tab) / tabs));
      const counts = await Promise.all(each.map((runs) => badVerdicts(`${pathname}?${searchParams}`, runs)));
      const bad = counts.reduce((sum, count) => sum + count, 0);
      const isSure = bad === 0 || bad === times;
      if (!isSure) unsure += 1;
      console.log(`${pathname}?${searchParams}: ${bad} of ${times} bad${isSure ? '' : ', which is neither all nor none'}`);
    }
  }
} finally {
  await browser.close();
  await server.close();
}
process.exitCode = unsure === 0 ? 0 : 1;
