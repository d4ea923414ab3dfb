import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

import { filter, firstValueFrom } from 'rxjs';
import { RedisLock } from 'rxjs-locks/redis';

import { Instance } from '../src/instance.js';
import { RedisServer } from './redis-server.js';

/** Two instances at a Redis of their own. */
export class Scene {
  /** What the instances have logged. */
  readonly log: string[] = [];

  private constructor(
    readonly server: RedisServer,
    readonly instances: readonly [Instance, Instance],
  ) {
    for (const { child } of instances) {
      createInterface({ input: child.stdout }).on('line', (line) => this.log.push(line));
    }
  }

  static async start(settings: Record<string, string>): Promise<Scene> {
    const server = await RedisServer.start();
    const start = (): Promise<Instance> => Instance.start({ PORT: '0', REDIS_URL: server.url, ...settings });
    return new Scene(server, await Promise.all([start(), start()]));
  }

  /** Resolves when a lock has so many holders and waiters. */
  async until(name: string, held: number, waiting: number): Promise<void> {
    const states = new RedisLock(this.server.client, name).state(20);
    await firstValueFrom(states.pipe(filter((state) => state.held === held && state.waiting === waiting)));
  }

  /** The lines about a request, once both instances have ended. */
  logOf(id: string): string[] {
    return this.log.filter((line) => line.includes(`[${id}]`));
  }

  async stop(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.end('SIGKILL')));
    await this.server.stop();
  }
}

/** A spec that takes longer fails: something is never answered. */
const TIME_LIMIT = 120_000;

/** A spec with two instances, which have these settings. */
export function inScene(settings: Record<string, string>, spec: (scene: Scene) => Promise<void>): () => Promise<void> {
  return async () => {
    const scene = await Scene.start(settings);
    try {
      const tooLong = setTimeout(TIME_LIMIT, undefined, { ref: false }).then(() =>
        Promise.reject(new Error('it takes too long')),
      );
      await Promise.race([spec(scene), tooLong]);
    } finally {
      await scene.stop();
    }
  };
}
