const [rxjs, locks, operators, testing] = ['rxjs', 'rxjs-locks', 'rxjs-locks/operators', 'rxjs-locks/testing'].map(require);
const [web, redis, postgres] = ['rxjs-locks/web', 'rxjs-locks/redis', 'rxjs-locks/postgres'].map(require);

require('./use.cjs').use({ rxjs, locks, operators, testing, web, redis, postgres });
