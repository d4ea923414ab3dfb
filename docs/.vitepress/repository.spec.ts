import { noPages, pageOf, repositoryUrlIn, targetOf } from './repository';

describe('pageOf', () => {
  it('gives the documents of the repository a path in the site', () => {
    expect(pageOf('docs/tabs.md')).toBe('tabs.md');
    expect(pageOf('docs/api/index.md')).toBe('api/index.md');
    expect(pageOf('ARCHITECTURE.md')).toBe('repository/architecture.md');
    expect(pageOf('benchmarks/README.md')).toBe('repository/benchmarks/index.md');
    expect(pageOf('lib/internal/queue/README.md')).toBeUndefined();
  });
});

describe('noPages', () => {
  it('leaves out folders and files without pages', () => {
    expect(noPages()).toContain('lib/**');
    expect(noPages()).toContain('LICENSE');
    expect(noPages().filter((pattern) => /^(docs|benchmarks|README)/.test(pattern))).toEqual([]);
  });
});

describe('targetOf', () => {
  const repository = 'https://example.org/rxjs-locks';

  it('leads to pages, with their anchors', () => {
    expect(targetOf('tabs.md#names', 'docs/angular.md')).toBe('/tabs.md#names');
    expect(targetOf('../ARCHITECTURE.md', 'docs/angular.md')).toBe('/repository/architecture.md');
    expect(targetOf('docs/tabs.md', 'README.md')).toBe('/tabs.md');
  });

  it('keeps anchors, absolute paths and other hosts', () => {
    for (const href of ['#names', '/choose', 'https://rxjs.dev/#x', 'mailto:someone@example.org']) {
      expect(targetOf(href, 'docs/angular.md')).toBe(href);
    }
  });

  it('leads to the repository for files and folders that are no pages', () => {
    expect(targetOf('../lib/lock.ts#L10', 'docs/angular.md', repository)).toBe(`${repository}/blob/HEAD/lib/lock.ts#L10`);
    expect(targetOf('lib/internal/', 'README.md', repository)).toBe(`${repository}/blob/HEAD/lib/internal`);
  });

  it('leads nowhere while the repository has no address', () => {
    expect(targetOf('../LICENSE', 'docs/angular.md', '')).toBeUndefined();
  });

  it('refuses a file that does not exist', () => {
    expect(() => targetOf('../lib/no-lock.ts', 'docs/angular.md')).toThrowError(
      'docs/angular.md has a link to lib/no-lock.ts, which does not exist',
    );
  });
});

describe('repositoryUrlIn', () => {
  it('reads the address of the repository in each form', () => {
    const url = 'https://example.org/rxjs-locks';

    expect(repositoryUrlIn(JSON.stringify({ repository: url }))).toBe(url);
    expect(repositoryUrlIn(JSON.stringify({ repository: { type: 'git', url: `git+${url}.git` } }))).toBe(url);
    expect(repositoryUrlIn('{}')).toBe('');
    expect(repositoryUrlIn('{ "repository": { "url": "git+https://example.org/OWNER/rxjs-locks.git" } }')).toBe('');
  });
});
