// `npm run coverage`: the first steps of `npm test` by themselves.
import { coveredSpecs } from './covered-specs.mjs';
import { runSteps } from './steps.mjs';

await runSteps(coveredSpecs);
