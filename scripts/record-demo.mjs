// Takes pictures of a page of the demo, after `npm run build:demo`, and writes them to docs/images:
//
//   node scripts/record-demo.mjs /token-refresh 'record token-refresh' run 'choose refreshOn401' run 'shot token-refresh' 'wait 1500'
//
// The steps, one after another:
//   run             presses the button that runs the chosen contestant, and waits for the end
//   choose <name>   chooses a contestant
//   press <name>    presses any button
//   wait <ms>
//   shot <file>     writes the screen to <file>.png
//   record <file>   films all further steps, and writes them to <file>.webp
//
// Options: --width 1280 --height 720 --scheme light|dark
import { mkdirSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { tsImport } from 'tsx/esm/api';

import { findChrome } from './chrome.mjs';

const folder = 'docs/images';
/** A README must load quickly. */
const largest = 2_000_000;
const framesPerSecond = 10;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', default: '1280' },
    height: { type: 'string', default: '720' },
    scheme: { type: 'string', default: 'light' },
  },
});
const [address, ...steps] = positionals;
if (address === undefined || steps.length === 0) throw new Error('name a page and at least one step: see the head of this file');

const { listen } = await tsImport('../demo-app/server/server.ts', import.meta.url);
const server = await listen({ pages: 'dist/demo/browser' });
const { executablePath, args, env } = await findChrome();
const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
const viewport = { width: Number(values.width), height: Number(values.height) };
const page = await browser.newPage({ viewport, colorScheme: values.scheme });
await page.goto(server.url + address);
await page.locator('router-outlet + *').waitFor();
await page.waitForLoadState('networkidle');

let film;
for (const step of steps) {
  const [word, ...rest] = step.split(' ');
  const name = rest.join(' ');
  if (word === 'run') {
    await page.locator('button.run').click();
    await page.locator('[data-state=ended]').waitFor();
  } else if (word === 'choose') await page.getByRole('radio', { name, exact: true }).check();
  else if (word === 'press') await page.getByRole('button', { name }).first().click();
  else if (word === 'wait') await delay(Number(name));
  else if (word === 'shot') await page.screenshot({ path: made(`${name}.png`) });
  else if (word === 'record') film = { file: made(`${name}.webp`), stop: await record() };
  else throw new Error(`there is no step ${step}`);
}
if (film !== undefined) await write(film.file, await film.stop());
await browser.close();
await server.close();

function made(name) {
  mkdirSync(folder, { recursive: true });
  console.log(`${folder}/${name}`);
  return `${folder}/${name}`;
}

/** Begins to take frames of the page. The function that it returns ends that: frames with the time at which each was taken. */
async function record() {
  const frames = [];
  let goesOn = true;
  const taking = (async () => {
    while (goesOn) {
      const at = performance.now();
      frames.push({ at, image: await page.screenshot() });
      await delay(Math.max(0, 1_000 / framesPerSecond - (performance.now() - at)));
    }
  })();
  return async () => {
    goesOn = false;
    await taking;
    return frames;
  };
}

async function write(file, frames) {
  const different = frames.filter(({ image }, index) => index === 0 || !image.equals(frames[index - 1].image));
  const end = frames.at(-1).at + 1_000;
  const delays = different.map(({ at }, index) => Math.round((different[index + 1]?.at ?? end) - at));
  await sharp(
    different.map(({ image }) => image),
    { join: { animated: true } },
  )
    .webp({ delay: delays, loop: 0, quality: 60, effort: 6, minSize: true })
    .toFile(file);
  const { size } = statSync(file);
  console.log(`${different.length} frames, ${(size / 1_000).toFixed(0)} kB`);
  if (size > largest) throw new Error(`${file} is larger than ${largest / 1_000} kB`);
}
