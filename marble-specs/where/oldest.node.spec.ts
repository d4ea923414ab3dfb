import { itRunsOn } from './runs-on.js';

itRunsOn('rxjs-oldest', '7.5.5');
