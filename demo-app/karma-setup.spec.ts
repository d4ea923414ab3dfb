// Jasmine reports an error that reaches `window` as a failure of the spec. Karma's own handler would end the whole run.
beforeAll(() => {
  window.onerror = null;
});
