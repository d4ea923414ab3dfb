import { Module } from '@nestjs/common';

import { InvoicesModule } from './invoices/invoices.module.js';
import { MailsModule } from './mails/mails.module.js';

@Module({ imports: [InvoicesModule, MailsModule] })
export class AppModule {}
