// For `npm run mutate`: prepares the specs for being run some thousand times over a copy of the library that is broken.
import { join } from 'node:path';
import { register } from 'tsx/esm/api';

// Stryker goes to the copy only after Node has started: `--import tsx` would follow the paths of the original.
register({ tsconfig: join(process.cwd(), 'tsconfig.json') });

// What the heavy specs prove, that the stack stays flat and that the work grows with the line and no faster, is for npm test.
await import('./leave-out-heavy.ts');
