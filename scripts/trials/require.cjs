const [rxjs, locks, operators, testing] = ['rxjs', 'rxjs-locks', 'rxjs-locks/operators', 'rxjs-locks/testing'].map(require);

require('./use.cjs').use({ rxjs, locks, operators, testing });
