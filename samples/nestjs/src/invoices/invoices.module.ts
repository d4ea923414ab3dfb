import { Module } from '@nestjs/common';

import { LocksModule } from '../locks/locks.module.js';
import { InvoicesController } from './invoices.controller.js';
import { Invoices } from './invoices.js';

@Module({ imports: [LocksModule], controllers: [InvoicesController], providers: [Invoices] })
export class InvoicesModule {}
