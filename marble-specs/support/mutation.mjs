// For `npm run mutate`, which runs the specs thousands of times on a broken copy of the library.
import { join } from 'node:path';
import { register } from 'tsx/esm/api';

// Stryker changes to the folder of the copy after Node has started: `--import tsx` would use the paths of the original.
register({ tsconfig: join(process.cwd(), 'tsconfig.json') });

// The heavy specs, about flat stacks and linear time, are for npm test.
await import('./leave-out-heavy.ts');
