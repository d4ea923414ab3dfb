import { Reflector } from '@nestjs/core';
import type { Request } from 'express';

/** The name of the lock for a request. */
export type LockNameOf = (request: Request) => string;

/** Runs a handler while its request holds a lock: `@Locked((request) => …)`. */
export const Locked = Reflector.createDecorator<LockNameOf>();
