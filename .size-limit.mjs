// What the library adds to a bundle, without RxJS: `npm run size`, after a build. Each limit is the current size, so that any growth
// is detected.
import * as lib from './dist/lib/index.js';
import * as operators from './dist/operators/index.js';

const [inLib, inOperators, inAngular] = ['dist/lib/index.js', 'dist/operators/index.js', 'dist/lib/angular/index.js'];
const [inRedis, inPostgres] = ['dist/lib/redis/index.js', 'dist/lib/postgres/index.js'];
const inWeb = 'dist/lib/web/index.js';
const all = (entry) => `{ ${Object.keys(entry).join(', ')} }`;

const bundles = [
  // Target: 2.5 kB. `use` and `run` are methods, so this bundle contains the code of sections too.
  { name: 'Lock', limit: '6 kB', import: { [inLib]: '{ Lock }' } },
  {
    // Target: 5 kB.
    name: 'the five primitives, withLock and throttleBySemaphore',
    limit: '10.95 kB',
    import: {
      [inLib]: '{ Lock, Event, Condition, Semaphore, BoundedSemaphore }',
      [inOperators]: '{ withLock, throttleBySemaphore }',
    },
  },
  {
    name: 'limitRequests, beside Angular',
    limit: '10.8 kB',
    import: { [inAngular]: '{ limitRequests }' },
    ignore: ['rxjs', '@angular/core', '@angular/common'],
  },
  {
    name: 'rxjs-locks/angular, beside Angular',
    limit: '17.65 kB',
    import: { [inAngular]: '*' },
    ignore: ['rxjs', '@angular/core', '@angular/common'],
  },
  // Target: 4 kB beside the core. The second bundle shows what it adds to the core; a quarter of that is the script for the server.
  { name: 'rxjs-locks/redis', limit: '11.85 kB', import: { [inRedis]: '{ RedisLock, RedisSemaphore }' } },
  {
    name: 'everything and rxjs-locks/redis',
    limit: '22.6 kB',
    import: { [inLib]: all(lib), [inOperators]: all(operators), [inRedis]: '{ RedisLock, RedisSemaphore }' },
  },
  // The same for PostgreSQL.
  { name: 'rxjs-locks/postgres', limit: '10.3 kB', import: { [inPostgres]: '{ PostgresLock }' } },
  {
    name: 'everything and rxjs-locks/postgres',
    limit: '21 kB',
    import: { [inLib]: all(lib), [inOperators]: all(operators), [inPostgres]: '{ PostgresLock }' },
  },
  // With the sections that `use()` and `run()` need.
  { name: 'WebLock', limit: '10.65 kB', import: { [inWeb]: '{ WebLock }' } },
  { name: 'rxjs-locks/web', limit: '12.15 kB', import: { [inWeb]: '*' } },
  { name: 'everything', limit: '15.65 kB', import: { [inLib]: all(lib), [inOperators]: all(operators) } },
];

export default bundles.flatMap((bundle) => {
  const measured = { ignore: ['rxjs'], ...bundle, path: Object.keys(bundle.import) };
  return [
    { ...measured, name: `${bundle.name}, gzip`, gzip: true },
    { ...measured, name: `${bundle.name}, brotli`, brotli: true },
  ];
});
