import * as rxjs from 'rxjs';

// Only the run on the oldest RxJS includes this file.
describe('The RxJS of this run in Chrome', () => {
  it('lacks what the newest version exports', () => {
    expect(Object.keys(rxjs)).toContain('onErrorResumeNext');
    expect(Object.keys(rxjs)).not.toContain('onErrorResumeNextWith');
  });
});
