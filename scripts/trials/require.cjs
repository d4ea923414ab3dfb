const names = ['rxjs', 'rxjs-locks', 'rxjs-locks/operators', 'rxjs-locks/testing', 'rxjs-locks/web', 'rxjs-locks/redis'];
const [rxjs, locks, operators, testing, web, redis] = names.map(require);

require('./use.cjs').use({ rxjs, locks, operators, testing, web, redis });
