// Starts the demo: its backend, and `ng serve` in front of it. Both stop together, whichever of them goes first.
// PORT (4200) is the page's, API_PORT (4201) the backend's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const windows = process.platform === 'win32';
const leaveWithParent = new URL('leave-with-parent.mjs', import.meta.url).href;
const graceful = 5_000;

const children = new Set();
let stopping = false;

process.once('SIGINT', () => stop(0));
process.once('SIGTERM', () => stop(0));
process.once('SIGHUP', () => stop(0));
// npm runs a script through a shell, and a shell that is told to stop tells nobody: what npm started goes with it.
if (process.env.npm_lifecycle_event !== undefined) {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || stop(0), 250).unref();
}

try {
  const port = portFrom('PORT', 4200);
  const apiPort = portFrom('API_PORT', 4201);
  if (port === apiPort) throw new Error(`PORT and API_PORT are both ${port}: the page and the backend need one each`);
  await assertFree('PORT', port);
  await assertFree('API_PORT', apiPort);

  const env = { ...process.env, API_PORT: String(apiPort), NG_CLI_ANALYTICS: 'false' };
  const backend = start('the backend', ['--import', 'tsx', 'demo-app/server/main.ts'], env);
  await Promise.race([once(backend, 'message'), once(backend, 'exit')]);
  if (!stopping) {
    const ng = 'node_modules/@angular/cli/bin/ng.js';
    start('ng serve', [ng, 'serve', '--host', 'localhost', '--port', String(port)], env);
  }
} catch (error) {
  console.error(error.message);
  stop(1);
}

function portFrom(name, otherwise) {
  const text = process.env[name] ?? '';
  if (text === '') return otherwise;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`${name} is ${text}: it must be a port, from 1 to 65535`);
  }
  return port;
}

/** `localhost` may mean either address of the loopback interface: the port has to be free on both. */
async function assertFree(name, port) {
  for (const host of ['127.0.0.1', '::1']) {
    const probe = createServer().listen(port, host);
    try {
      await once(probe, 'listening');
      await once(probe.close(), 'close');
    } catch (error) {
      if (error.code === 'EADDRINUSE') throw new Error(`port ${port} is in use: choose another with ${name}=…`);
      if (error.code === 'EACCES') throw new Error(`port ${port} may not be used: choose another with ${name}=…`);
      // A machine without IPv6 has no ::1 to be in use.
      if (error.code !== 'EADDRNOTAVAIL' && error.code !== 'EAFNOSUPPORT') throw error;
    }
  }
}

/** Each child leads a process group of its own, so that what it has started can be stopped with it. */
function start(name, args, env) {
  const child = spawn(process.execPath, ['--import', leaveWithParent, ...args], {
    cwd: root,
    env,
    // Without a terminal to read from, the CLI asks no questions.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: !windows,
  });
  children.add(child);
  child.once('exit', (code, signal) => {
    children.delete(child);
    if (!stopping) {
      console.error(`${name} has stopped (${signal ?? `exit code ${code}`}): stopping the rest`);
      stop(1);
    }
  });
  return child;
}

function stop(code) {
  if (stopping) return;
  stopping = true;
  process.exitCode = code;
  for (const child of children) {
    kill(child, 'SIGTERM');
    setTimeout(() => kill(child, 'SIGKILL'), graceful).unref();
  }
}

function kill(child, signal) {
  try {
    if (windows) spawn('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    else process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: it has gone by itself.
    if (error.code !== 'ESRCH') throw error;
  }
}
