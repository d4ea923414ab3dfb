// Removes what an earlier build left, so that nothing is packed whose source is gone.
import { rmSync } from 'node:fs';

for (const folder of ['lib', 'operators']) {
  rmSync(new URL(`../dist/${folder}`, import.meta.url), { recursive: true, force: true });
}
