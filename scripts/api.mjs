// `npm run api`: writes in api what each entry point declares, so that a change of the surface is a visible diff; with --check, fails
// where a report is out of date. It reads the declarations of the last build, where `@internal` members are stripped.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const reportFolder = resolve('api');
const none = { default: { logLevel: ExtractorLogLevel.None } };

/** The declarations of each entry point, by the name of its report. Of the two copies it takes the one that has all the text. */
const entries = Object.entries(JSON.parse(readFileSync('package.json', 'utf8')).exports)
  .filter(([, target]) => target.require !== undefined)
  .map(([path, target]) => [path === '.' ? 'index' : path.replace('./', ''), resolve(target.require.types)]);

const configOf = ([name, declarations]) =>
  ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: resolve('package.json'),
    configObject: {
      projectFolder: process.cwd(),
      mainEntryPointFilePath: declarations,
      compiler: { overrideTsconfig: { extends: './tsconfig.build.json', files: [declarations], include: [] } },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder,
        reportTempFolder: resolve('node_modules/.cache/api'),
        // A class that is not exported can be the base of one that is, and has most of its members.
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: none,
        tsdocMessageReporting: none,
      },
    },
  });

const isNews = ({ logLevel, messageId }) =>
  (logLevel === ExtractorLogLevel.Warning || logLevel === ExtractorLogLevel.Error) && messageId !== 'console-api-report-created';

/** Writes a report, or compares it with the one that is there and prints the difference. */
const isUpToDate = (entry) =>
  Extractor.invoke(configOf(entry), {
    localBuild: !options.check,
    printApiReportDiff: options.check,
    messageCallback: (message) => {
      message.handled = !isNews(message);
    },
  }).succeeded;

let failed = 0;
const verdict = (isRight, what) => {
  if (!isRight) failed++;
  console.log(`${isRight ? 'passed' : 'FAILED'}: ${what}`);
};

for (const entry of entries) verdict(isUpToDate(entry), `api/${entry[0]}.api.md says what the package declares`);
const names = entries.map(([name]) => `${name}.api.md`);
for (const file of readdirSync(reportFolder)) {
  if (!names.includes(file)) verdict(false, `api/${file} belongs to no entry point: remove it`);
}
if (failed > 0 && options.check) console.log('npm run api writes the reports: commit them together with the change');
process.exitCode = failed === 0 ? 0 : 1;
