import * as rxjs from 'rxjs';
import * as locks from 'rxjs-locks';
import * as operators from 'rxjs-locks/operators';
import * as testing from 'rxjs-locks/testing';
import * as postgres from 'rxjs-locks/postgres';
import * as redis from 'rxjs-locks/redis';
import * as web from 'rxjs-locks/web';
import { use } from './use.cjs';

await use({ rxjs, locks, operators, testing, web, redis, postgres });
