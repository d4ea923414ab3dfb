// Installs what package-lock.json names, if that is not installed yet: `npm start` and `npm test` need only Node and npm.
import { execSync } from 'node:child_process';
import { statSync } from 'node:fs';

const changed = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) execSync('npm ci', { stdio: 'inherit' });
