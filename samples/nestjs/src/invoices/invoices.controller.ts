import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { defer, type Observable } from 'rxjs';
import type { LeasedPermit } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { HeldPermit } from '../locks/held-permit.js';
import { Locked } from '../locks/locked.js';
import { Locks } from '../locks/locks.js';
import { Invoices } from './invoices.js';

/** The answer to a request that has added an invoice. */
export interface Added {
  readonly number: number;
  readonly token: string;
  readonly process: number;
}

@Controller('invoices/:series')
export class InvoicesController {
  constructor(
    private readonly invoices: Invoices,
    private readonly locks: Locks,
  ) {}

  /** One at a time for each series, over all instances. The others wait for their turn. */
  @Post()
  @Locked(({ params }) => `invoices:${String(params.series)}`)
  async add(@Param('series') series: string, @Query('takes') takes = '0', @HeldPermit() permit: LeasedPermit): Promise<Added> {
    return { number: await this.invoices.add(series, Number(takes), permit), token: String(permit.token), process: process.pid };
  }

  /** Refuses while an invoice is being added, instead of waiting. */
  @Get()
  count(@Param('series') series: string): Observable<{ last: number }> {
    const counted = defer(async () => ({ last: await this.invoices.last(series) }));
    return this.locks.during(`invoices:${series}`, (lock) => counted.pipe(withLock(lock, { whenBusy: 'error' })));
  }
}
