// Starts the demo: its backend, and `ng serve` in front of it, in one process, so that both stop together.
// PORT (4200) is the page's, API_PORT (4201) the backend's.
import './setup.mjs';

const { tsImport } = await import('tsx/esm/api');

// npm runs this in a shell, and a shell does not pass signals on. The Angular CLI sets an exit code when it has failed.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent || process.exitCode !== undefined) process.exit();
}, 250).unref();

const { listen } = await tsImport('../demo-app/server/server.ts', import.meta.url);
const { url } = await listen({ port: Number(process.env.API_PORT || 4201), documents: '.' });
console.log(`backend: ${url}/api`);

// Without a terminal, the CLI asks no questions.
process.env.NG_FORCE_TTY = 'false';
process.argv.splice(2, 0, 'serve', '--host', 'localhost', '--port', process.env.PORT || '4200');
await import('../node_modules/@angular/cli/bin/ng.js');
