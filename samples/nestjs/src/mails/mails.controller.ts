import { Body, Controller, Post } from '@nestjs/common';
import type { Observable } from 'rxjs';

import { Mailer, type SentMail } from './mailer.js';

@Controller('mails')
export class MailsController {
  constructor(private readonly mailer: Mailer) {}

  @Post()
  send(@Body() addresses: string[]): Observable<SentMail[]> {
    return this.mailer.send(addresses);
  }
}
