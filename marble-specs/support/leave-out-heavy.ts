// A helper of Jasmine: helpers are loaded before the specs.
import { leaveOutHeavySpecs } from './heavy.js';

leaveOutHeavySpecs();
