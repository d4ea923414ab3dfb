import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

type Child = ChildProcess & { readonly stdout: Readable };

/** A process that runs `main.ts`. */
export class Instance {
  private constructor(
    readonly child: Child,
    readonly url: string,
  ) {}

  /** Starts an instance. It listens when the promise resolves. */
  static async start(settings: Record<string, string>): Promise<Instance> {
    const env = { ...process.env, ...settings };
    const child = fork(join('dist', 'src', 'main.js'), { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }) as Child;
    const [url] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
    if (typeof url !== 'string') throw new Error(`an instance has ended instead of listening: ${String(url)}`);
    return new Instance(child, url);
  }

  /** Ends the process: by SIGTERM in good order, by SIGKILL as a crash does. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'close');
  }
}
