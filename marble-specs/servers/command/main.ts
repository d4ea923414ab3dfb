/** `npm run attack -- --engine pg --seeds 20 --seed 1 --rounds 60`: the attack of `marble-specs/servers/attack`, for longer than the specs play it. */
import { parseArgs } from 'node:util';

import { attack } from '../attack/attack.node.js';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'redis' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '60' },
  },
});

let [passed, failed] = [0, 0];
for (let seed = Number(values.seed); seed < Number(values.seed) + Number(values.seeds); seed++) {
  const { grants, faults, problems } = await attack(values.engine === 'pg' ? 'pg' : 'redis', seed, Number(values.rounds));
  console.log(`seed ${String(seed)}: ${String(grants)} grants, ${JSON.stringify(faults)}`);
  for (const problem of problems) {
    console.log(`  ${problem}`);
  }
  if (problems.length === 0) {
    passed++;
  } else {
    failed++;
  }
}
console.log(`${String(passed)} passed, ${String(failed)} failed`);
process.exitCode = failed === 0 ? 0 : 1;
