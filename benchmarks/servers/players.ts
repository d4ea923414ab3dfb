import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Answer, Ports, Question, Steps } from './protocol.js';

/** A process of the benchmark, as the main process sees it. */
export class Player {
  private readonly child: ChildProcess;
  private readonly open = new Map<
    number,
    { readonly resolve: (value: unknown) => void; readonly reject: (reason: Error) => void }
  >();
  private asked = 0;
  /** Why it answers nothing any more. */
  private end: Error | undefined = undefined;

  constructor(ports: Ports) {
    this.child = fork(fileURLToPath(new URL('player.js', import.meta.url)), [JSON.stringify(ports)]);
    this.child.on('message', ({ id, value, error }: Answer) => {
      const question = this.open.get(id);
      this.open.delete(id);
      if (error === undefined) {
        question?.resolve(value);
      } else {
        question?.reject(new Error(error));
      }
    });
    this.child.on('exit', (code, signal) => {
      this.end = new Error(`a process has ended with ${String(code ?? signal)}`);
      for (const { reject } of this.open.values()) {
        reject(this.end);
      }
    });
  }

  async ask<Step extends keyof Steps>(step: Step, ...args: Parameters<Steps[Step]>): Promise<Awaited<ReturnType<Steps[Step]>>> {
    if (this.end !== undefined) {
      throw this.end;
    }
    const id = this.asked++;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.open.set(id, { resolve, reject });
    });
    this.child.send({ id, step, args } satisfies Question);
    return (await answer) as Awaited<ReturnType<Steps[Step]>>;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGKILL');
      await once(this.child, 'exit');
    }
  }
}
