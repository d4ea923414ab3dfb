import { Module } from '@nestjs/common';

import { LocksModule } from '../locks/locks.module.js';
import { Mailer } from './mailer.js';
import { MailsController } from './mails.controller.js';

@Module({ imports: [LocksModule], controllers: [MailsController], providers: [Mailer] })
export class MailsModule {}
