import { itRunsOn } from './runs-on.js';

itRunsOn('rxjs', '7.8.2');
