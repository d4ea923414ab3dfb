/** The built site, for the specs of what `npm run docs` has made. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const folder = fileURLToPath(new URL('../../../dist/docs/', import.meta.url));

/** The pages of the site. The demo has specs of its own. */
export function builtPages(): readonly string[] {
  if (!existsSync(folder)) throw new Error('dist/docs is missing: npm run docs makes it');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  return files.filter((file) => file.endsWith('.html') && !file.startsWith('live/')).sort();
}

export function read(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

/** The path below which the site was built, with a slash at its end. */
export function builtBase(): string {
  return /href="([^"]*\/)assets\//.exec(read('index.html'))?.[1] ?? '/';
}
