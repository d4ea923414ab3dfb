const names = ['rxjs', 'rxjs-locks', 'rxjs-locks/operators', 'rxjs-locks/testing', 'rxjs-locks/web'];
const [rxjs, locks, operators, testing, web] = names.map(require);

require('./use.cjs').use({ rxjs, locks, operators, testing, web });
