// Patches zone.js in before the specs are loaded, so that all of them run with it.
import 'zone.js';
