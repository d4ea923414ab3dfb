import { itRunsOn } from './runs-on.node.js';

itRunsOn('rxjs', '7.8.2');
