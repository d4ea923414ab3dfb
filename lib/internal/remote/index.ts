export { currentContext, report, runIn } from '../delivery/delivery.js';
export { Caller } from './caller.js';
export { RemoteAcquirable } from './remote-acquirable.js';
export { RemotePermit } from './remote-permit.js';
export { outsideZones } from './zones.js';
