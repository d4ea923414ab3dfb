// Loads zone.js before the specs, so that all of them run with it, and the plugins that fakeAsync needs. zone.js/testing does
// the same, but also patches Jasmine, which Jasmine warns about.
import 'zone.js';
import 'zone.js/plugins/proxy';
import 'zone.js/plugins/fake-async-test';

// In Chrome, zone.js sends Jasmine an event for each rejection that is handled late. The event turns the promise into one of
// Chrome's own, which no code handles, and Jasmine reports that as an error of the specs.
Reflect.deleteProperty(Zone, Zone.__symbol__('rejectionHandledHandler'));
