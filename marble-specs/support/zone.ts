// Patches zone.js in before the specs are loaded, so that all of them run with it; the rest of it is what fakeAsync needs.
// zone.js/testing would do the same, but patches Jasmine too, which Jasmine warns of.
import 'zone.js';
import 'zone.js/plugins/proxy';
import 'zone.js/plugins/fake-async-test';

// In Chrome, zone.js tells Jasmine of each rejection that is handled after all, with an event that turns its promise into
// one of Chrome's; nobody handles that one, and Jasmine takes it for an error of the specs.
Reflect.deleteProperty(Zone, Zone.__symbol__('rejectionHandledHandler'));
