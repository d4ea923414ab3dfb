import { Typing } from './typing';

describe('Typing', () => {
  const begin = () => {
    const typing = new Typing('one two three', (edit) => edit * 100);
    const seen: string[] = [];
    let isRunning = false;
    const stage = {
      isRunning: () => isRunning,
      run: () => {
        isRunning = true;
        seen.push('run');
      },
    };
    /** The run begins, as it does when the backend has answered. */
    const texts = () =>
      typing.texts().subscribe({
        next: (text) => seen.push(text),
        complete: () => {
          isRunning = false;
          seen.push('end');
        },
      });
    return { typing, seen, stage, texts };
  };

  beforeEach(() => {
    jasmine.clock().install();
    jasmine.clock().mockDate(); // debounceTime reads the time too
  });

  afterEach(() => {
    jasmine.clock().uninstall();
  });

  it('types the script, a word more each time, and shows it in the editor', () => {
    const { typing, seen, texts } = begin();
    texts();
    jasmine.clock().tick(0);
    expect(typing.text()).toBe('one');
    jasmine.clock().tick(300);

    expect(seen).toEqual(['one', 'one two', 'one two three', 'end']);
    expect(typing.text()).toBe('one two three');
  });

  it('starts one run with the first letter, and gives it all letters', () => {
    const { typing, seen, stage, texts } = begin();
    typing.type('a', stage);
    typing.type('ab', stage);
    texts();
    typing.type('abc', stage);

    expect(seen).toEqual(['run', 'a', 'ab', 'abc']);
  });

  it('ends a run when nothing is typed for a while, and starts another one with the next letter', () => {
    const { typing, seen, stage, texts } = begin();
    typing.type('a', stage);
    texts();
    jasmine.clock().tick(1_400);
    expect(seen).toEqual(['run', 'a']);
    jasmine.clock().tick(200);
    typing.type('ab', stage);
    texts();

    expect(seen).toEqual(['run', 'a', 'end', 'run', 'ab']);
  });

  it('starts a run of its own while the script types', () => {
    const { typing, seen, stage, texts } = begin();
    stage.run();
    const script = texts();
    jasmine.clock().tick(0);
    script.unsubscribe();
    typing.type('a', stage);
    texts();

    expect(seen).toEqual(['run', 'one', 'run', 'a']);
  });
});
