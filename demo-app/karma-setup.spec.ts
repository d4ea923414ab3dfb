// Jasmine takes an error that reaches `window` for one of its own; Karma's handler would end the whole run with it.
beforeAll(() => {
  window.onerror = null;
});
