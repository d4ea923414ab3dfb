export { currentContext, report, runIn } from '../delivery/delivery.js';
export { Caller } from './caller.js';
export { believedUntil, Lease } from './lease.js';
export { RemoteAcquirable } from './remote-acquirable.js';
export { RemotePermit } from './remote-permit.js';
export { outsideZones } from './zones.js';
