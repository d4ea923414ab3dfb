// A lock that a CommonJS file makes is a lock to an ES module.
import { Condition } from 'rxjs-locks';
import { lock } from './used.cjs';

export const condition = new Condition(lock);
