// Finds a Chrome for Karma and for playwright-core: the one that CHROME_BIN names, one that is installed, or the
// Chromium inside the npm package @sparticuz/chromium, which needs neither root nor a network.
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../', import.meta.url));

const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'chrome', 'chrome.exe'];

const installedAt = {
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
};

const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <dir>/usr/share/fonts</dir>
</fontconfig>
`;

const quiet = [
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {Promise<{ executablePath: string, args: string[], env: Record<string, string> }>} `env` is to be added to process.env */
export async function findChrome() {
  const { executablePath, env } = fromEnvironment() ?? installed() ?? (await bundled());
  const unprivileged = process.getuid?.() !== 0 && process.env.CI === undefined;
  return { executablePath, env, args: unprivileged ? quiet : [...quiet, '--no-sandbox'] };
}

function fromEnvironment() {
  const executablePath = process.env.CHROME_BIN;
  if (!executablePath) return undefined;
  if (!isExecutable(executablePath)) throw new Error(`CHROME_BIN is ${executablePath}, which is not a program`);
  return { executablePath, env: {} };
}

function installed() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const executablePath = [...candidates, ...(installedAt[process.platform] ?? [])].find(isExecutable);
  return executablePath === undefined ? undefined : { executablePath, env: {} };
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

async function bundled() {
  const manifest = join(root, 'node_modules/@sparticuz/chromium/package.json');
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync(manifest)) {
    throw new Error('no Chrome was found: install Google Chrome or Chromium, or name one in CHROME_BIN');
  }
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const home = join(root, 'node_modules/.cache', `chromium-${version}`);
  if (!existsSync(home)) await unpack(home);
  return {
    executablePath: join(home, 'chromium'),
    env: {
      FONTCONFIG_PATH: join(home, 'fonts'),
      LD_LIBRARY_PATH: [join(home, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter),
    },
  };
}

/**
 * Unpacks to a folder beside `home` and renames it: another process either sees all of it or nothing. The package
 * unpacks to the temporary folder, and its system libraries only where it believes to be on Lambda, hence a process
 * of its own with such an environment.
 */
async function unpack(home) {
  const staging = `${home}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  try {
    const program = "import('@sparticuz/chromium').then((chromium) => chromium.default.executablePath())";
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: root,
      env: { ...process.env, TMPDIR: staging, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
    });
    // As packed, only /tmp/fonts is looked into.
    writeFileSync(join(staging, 'fonts/fonts.conf'), fontsConf);
    renameSync(staging, home);
  } catch (error) {
    // Another process that was quicker has left the same files there.
    if (!existsSync(home)) throw error;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
