/** A process of its own that waits for a lock and holds it, as it is told. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { eventually } from './eventually.node.js';

/** What a worker is told. */
export type Order =
  | { readonly step: 'acquire'; readonly caller: string; readonly weight?: number }
  | { readonly step: 'release'; readonly caller: string }
  | { readonly step: 'block'; readonly milliseconds: number }
  | { readonly step: 'close' };

/** What a worker tells. */
export interface News {
  readonly caller: string;
  readonly what: 'granted' | 'lost' | 'failed' | 'lost at once' | 'no timers' | 'timers';
  readonly token?: string;
}

/** How a worker begins. */
export interface WorkerOptions {
  readonly port: number;
  readonly client: 'ioredis' | 'node-redis' | 'pg';
  readonly name: string;
  readonly value?: number;
  readonly lease: number;
  readonly poll: number;
}

export class Worker {
  readonly news: News[] = [];
  private readonly child: ChildProcess;

  constructor(options: WorkerOptions) {
    const program = fileURLToPath(new URL('worker-process.node.ts', import.meta.url));
    this.child = fork(program, [JSON.stringify(options)], { execArgv: ['--import', 'tsx'] });
    this.child.on('message', (news: News) => {
      this.news.push(news);
    });
  }

  tell(order: Order): void {
    this.child.send(order);
  }

  /** Waits for a piece of news. */
  async hear(caller: string, what: News['what']): Promise<News> {
    const find = (): News | undefined => this.news.find((each) => each.caller === caller && each.what === what);
    await eventually(find);
    return find() ?? { caller, what };
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(name);
  }

  async kill(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGKILL');
      await once(this.child, 'exit');
    }
  }

  /** Waits until the process has ended by itself. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null) {
      await once(this.child, 'exit');
    }
    return this.child.exitCode;
  }
}
