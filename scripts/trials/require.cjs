const [rxjs, locks, operators, testing] = ['rxjs', 'rxjs-locks', 'rxjs-locks/operators', 'rxjs-locks/testing'].map(require);
const redis = require('rxjs-locks/redis');

require('./use.cjs').use({ rxjs, locks, operators, testing, redis });
