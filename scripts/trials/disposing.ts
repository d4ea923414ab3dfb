import { Lock } from 'rxjs-locks';

export function section(): void {
  using permit = new Lock().tryAcquire();
  permit?.released;
}
