import { createRequire } from 'node:module';

import { karmaServer } from './marble-specs/angular/karma-server.mjs';
import { findChrome } from './scripts/chrome.mjs';

const require = createRequire(import.meta.url);

/** Angular serves each .js file as a module, but jasmine-core is not one. A glob pattern keeps the original type of the file. */
function jasmineIsNoModule(files) {
  for (const file of files) {
    if (typeof file.pattern === 'string') file.pattern = file.pattern.replace(/jasmine\.js$/, 'jasmine.j[s]');
  }
}
jasmineIsNoModule.$inject = ['config.files'];

export default async function configure(config) {
  const chrome = await findChrome();
  process.env.CHROME_BIN = chrome.executablePath;
  Object.assign(process.env, chrome.env);

  config.set({
    frameworks: ['jasmine', 'jasmine-is-no-module'],
    plugins: [
      { 'framework:jasmine-is-no-module': ['factory', jasmineIsNoModule] },
      require('karma-jasmine'),
      require('karma-chrome-launcher'),
      require('karma-coverage'),
      karmaServer,
    ],
    beforeMiddleware: ['karma-server'],
    client: { jasmine: { random: true } },
    reporters: ['dots'],
    coverageReporter: {
      dir: new URL('coverage', import.meta.url).pathname,
      subdir: 'chrome',
      reporters: [{ type: 'html' }, { type: 'text-summary' }],
    },
    browsers: ['QuietChrome'],
    customLaunchers: { QuietChrome: { base: 'ChromeHeadless', flags: chrome.args } },
    // On a machine with two busy cores, a browser may need a long time to start or to respond.
    captureTimeout: 120_000,
    browserNoActivityTimeout: 120_000,
    browserDisconnectTimeout: 30_000,
    restartOnFileChange: true,
  });
}
