// Installs the packages of samples/nestjs, with rxjs-locks as npm would publish it: built now, and copied. `--if-missing`: only if
// package-lock.json has changed since they were installed.
import { execSync } from 'node:child_process';
import { statSync } from 'node:fs';

const home = 'samples/nestjs';
const changed = (file) => statSync(`${home}/${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const isInstalled = changed('node_modules/.package-lock.json') >= changed('package-lock.json');

if (!process.argv.includes('--if-missing') || !isInstalled) {
  execSync('npm run --silent build', { stdio: 'inherit' });
  execSync('npm ci', { cwd: home, stdio: 'inherit' });
}
