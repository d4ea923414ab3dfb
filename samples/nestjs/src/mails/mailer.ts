import { setTimeout } from 'node:timers/promises';

import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { from, toArray, type Observable } from 'rxjs';
import { throttleBySemaphore } from 'rxjs-locks/operators';
import { RedisSemaphore } from 'rxjs-locks/redis';

import { RedisConnection } from '../redis-connection.js';
import { settings } from '../settings.js';

export interface SentMail {
  readonly to: string;
  /** How many mails were being sent, by all instances. */
  readonly atOnce: number;
}

/** Sends two mails at a time, over all instances: more are too many for the server of mails. */
@Injectable()
export class Mailer implements BeforeApplicationShutdown {
  private readonly slots: RedisSemaphore;

  constructor(private readonly client: RedisConnection) {
    this.slots = new RedisSemaphore(client, 'mails', 2, settings.locks);
  }

  send(addresses: string[]): Observable<SentMail[]> {
    return from(addresses).pipe(
      throttleBySemaphore(this.slots, (to) => this.sendOne(to)),
      toArray(),
    );
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.slots.close();
  }

  private async sendOne(to: string): Promise<SentMail> {
    const atOnce = await this.client.incr('mails:sending');
    await setTimeout(100);
    await this.client.decr('mails:sending');
    return { to, atOnce };
  }
}
