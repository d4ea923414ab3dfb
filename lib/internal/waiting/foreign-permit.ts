import type { Permit } from '../../permit.js';
import { GrantedPermit, type Waiter } from './waiter.js';

/**
 * Returns the permit that a task gets for a permit of other code. Its `release()` releases the section that runs the task. So
 * the other code sees one release, whatever the task does. A log shows it as it shows any permit. All other members are those of
 * the other permit: `released`, `lost$`, `signal`, `token`, and whatever else it has.
 *
 * It is a proxy, because a copy of the members would not change with them. The target is an empty object, so that a store that
 * freezes the permit freezes nothing of the other code. Methods are bound, because a method can use private fields, and a proxy
 * has none.
 */
export function permitOfTask(holder: Waiter, permit: Permit): Permit {
  const own = new GrantedPermit(holder);
  return new Proxy(Object.create(permit) as Permit, {
    get: (_target, key) => {
      const owner = key in own && key !== 'released' ? own : permit;
      const member: unknown = Reflect.get(owner, key);
      return typeof member === 'function' ? (member.bind(owner) as unknown) : member;
    },
  });
}
