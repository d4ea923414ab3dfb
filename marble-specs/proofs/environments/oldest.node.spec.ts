import { itRunsOn } from './runs-on.node.js';

itRunsOn('rxjs-oldest', '7.5.5');
