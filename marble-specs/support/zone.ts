// Patches zone.js in before the specs are loaded, so that all of them run with it; the rest of it is what fakeAsync needs.
// zone.js/testing would do the same, but patches Jasmine too, which Jasmine warns of.
import 'zone.js';
import 'zone.js/plugins/proxy';
import 'zone.js/plugins/fake-async-test';
