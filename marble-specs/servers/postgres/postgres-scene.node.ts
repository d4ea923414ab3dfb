import type { ClientConfig } from 'pg';
import { PostgresLock, type PostgresClient, type PostgresOptions } from 'rxjs-locks/postgres';

import { eventually } from '../eventually.node.js';
import { Proxy } from '../proxy.node.js';
import { Worker, type WorkerOptions } from '../worker.node.js';
import { connectTo, PostgresServer } from './postgres-server.node.js';

/** Long enough that nothing ends by itself during a spec. */
const usual: PostgresOptions = { lease: 20_000 };

/** A server and the processes that use it. Each function of a spec that makes clients stands for a process. */
export class PostgresScene {
  server!: PostgresServer;
  private readonly ends: (() => unknown)[] = [];

  /** Registers what a `describe` needs. All of its specs share a server, whose sessions are ended after each. */
  constructor(...options: string[]) {
    beforeAll(async () => {
      this.server = await PostgresServer.start(...options);
    }, 30_000);
    afterEach(async () => {
      for (const end of this.ends.splice(0).reverse()) {
        await end();
      }
      await eventually(async () => {
        const sessions = await this.server.sessions();
        await Promise.all(sessions.map(({ pid }) => this.server.terminate(pid)));
        return sessions.length === 0;
      });
    });
    afterAll(() => this.server.stop());
  }

  /** Calls `end` when the spec has ended. */
  after(end: () => unknown): void {
    this.ends.push(end);
  }

  /** A lock of a process of its own. */
  lock(name: string, options: PostgresOptions = {}, port = this.server.port, config?: ClientConfig): PostgresLock {
    return this.lockOf(connectTo(port, config), name, options);
  }

  lockOf(connect: () => PostgresClient, name: string, options: PostgresOptions = {}): PostgresLock {
    const lock = new PostgresLock(connect, name, { ...usual, ...options });
    this.after(() => void lock.close());
    return lock;
  }

  /** Three locks of one name, each of a process of its own. */
  locks(name: string, options: PostgresOptions = {}): readonly [PostgresLock, PostgresLock, PostgresLock] {
    return [this.lock(name, options), this.lock(name, options), this.lock(name, options)];
  }

  worker(options: Omit<WorkerOptions, 'port' | 'client' | 'poll'>): Worker {
    const worker = new Worker({ port: this.server.port, client: 'pg', poll: 0, ...options });
    this.after(() => worker.kill());
    return worker;
  }

  async proxy(): Promise<Proxy> {
    const made = await Proxy.to(this.server.port);
    this.after(() => made.end());
    return made;
  }

  /** Waits until so many sessions stand in the queue of the server. */
  async waiting(count: number): Promise<void> {
    await eventually(async () => (await this.server.waiting()) === count);
  }

  /** Waits until so many sessions hold the lock. */
  async held(count: number): Promise<void> {
    await eventually(async () => (await this.server.held()) === count);
  }
}
