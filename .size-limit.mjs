// What a bundle grows by, beside RxJS: `npm run size`, after a build. Limits are what was reached, so that nothing grows unseen.
import * as lib from './dist/lib/index.js';
import * as operators from './dist/operators/index.js';

const [inLib, inOperators] = ['dist/lib/index.js', 'dist/operators/index.js'];
const all = (entry) => `{ ${Object.keys(entry).join(', ')} }`;

const bundles = [
  // Aims at 2.5 kB. `use` and `run` are methods, so that it holds the way of a section through its endings.
  { name: 'Lock', limit: '5.9 kB', import: { [inLib]: '{ Lock }' } },
  {
    // Aims at 5 kB.
    name: 'the five primitives, withLock and throttleBySemaphore',
    limit: '10.6 kB',
    import: {
      [inLib]: '{ Lock, Event, Condition, Semaphore, BoundedSemaphore }',
      [inOperators]: '{ withLock, throttleBySemaphore }',
    },
  },
  { name: 'everything', limit: '15.4 kB', import: { [inLib]: all(lib), [inOperators]: all(operators) } },
];

export default bundles.flatMap((bundle) => {
  const measured = { ...bundle, path: Object.keys(bundle.import), ignore: ['rxjs'] };
  return [
    { ...measured, name: `${bundle.name}, gzip`, gzip: true },
    { ...measured, name: `${bundle.name}, brotli`, brotli: true },
  ];
});
