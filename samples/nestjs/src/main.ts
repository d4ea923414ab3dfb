// Runs one instance.
import 'reflect-metadata';

import { AsyncLocalStorage } from 'node:async_hooks';

import { NestFactory } from '@nestjs/core';
import { captureContext } from 'rxjs-locks';

import { AppModule } from './app.module.js';
import { RequestLogger, withRequestId } from './request-id.js';
import { settings } from './settings.js';

// A request that has waited goes on in its own context, whatever has released the lock.
captureContext(() => AsyncLocalStorage.snapshot());

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, {
    logger: new RequestLogger({ prefix: `instance ${String(process.pid)}`, colors: false, logLevels: ['log', 'warn', 'error'] }),
  });
  app.use(withRequestId);
  app.enableShutdownHooks();
  await app.listen(settings.port, '127.0.0.1');
  process.send?.(await app.getUrl());
}

void main();
