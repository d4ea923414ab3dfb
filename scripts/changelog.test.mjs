// `node --test scripts/changelog.test.mjs`: what a release adds to CHANGELOG.md.
import { deepEqual, equal, throws } from 'node:assert/strict';
import { describe, test } from 'node:test';

import { hasRelease, textOf, withRelease } from './changelog.mjs';

const changelog = `# Changelog

For users.

## 0.1.0

### Primitives

- \`Lock\`.

### Operators

- \`withLock\`.
`;

const sectionOf = (text, version) => text.split(/^(?=## )/m).find((section) => section.startsWith(`## ${version}\n`));

describe('the text of a changeset', () => {
  test('is what follows its head', () => {
    equal(textOf("---\n'rxjs-locks': minor\n---\n\n### Operators\n\n- `a` takes `b`.\n"), '### Operators\n\n- `a` takes `b`.');
  });

  test('is refused without a head', () => {
    throws(() => textOf('### Operators\n'), /begins with a block between two lines/);
  });
});

describe('a release', () => {
  test('stands above the earlier ones, below the introduction', () => {
    const text = withRelease(changelog, '0.2.0', ['### Operators\n\n- New.']);
    deepEqual(text.match(/^##? .*$/gm), ['# Changelog', '## 0.2.0', '## 0.1.0']);
    equal(text.indexOf('For users.') < text.indexOf('## 0.2.0'), true);
    equal(sectionOf(text, '0.2.0'), '## 0.2.0\n\n### Operators\n\n- New.\n\n');
    equal(sectionOf(text, '0.1.0'), sectionOf(changelog, '0.1.0'));
  });

  test('has one heading for each area, in the order of the changelog, and new areas after them', () => {
    const texts = [
      '### Servers\n\n- One.',
      '### Operators\n\n- Two,\n  in two lines.',
      '### Primitives\n\n- Three.\n\n### Operators\n\n- Four.',
    ];
    equal(
      sectionOf(withRelease(changelog, '0.2.0', texts), '0.2.0'),
      '## 0.2.0\n\n### Primitives\n\n- Three.\n\n### Operators\n\n- Two,\n  in two lines.\n- Four.\n\n### Servers\n\n- One.\n\n',
    );
  });

  test('is the first section of a changelog without any', () => {
    equal(withRelease('# Changelog\n\n', '0.1.0', ['### A\n\n- B.']), '# Changelog\n\n## 0.1.0\n\n### A\n\n- B.\n\n');
  });

  test('is refused if its version has a section', () => {
    throws(() => withRelease(changelog, '0.1.0', ['### A\n\n- B.']), /has a section 0\.1\.0 already/);
  });

  test('is refused if a text does not name its area', () => {
    for (const text of ['- New.', 'New.\n\n### A\n\n- B.', ''])
      throws(() => withRelease(changelog, '0.2.0', [text]), /heading of its area/);
  });

  test('is found by its whole version', () => {
    equal(hasRelease(changelog, '0.1.0'), true);
    equal(hasRelease(changelog, '0.1'), false);
    equal(hasRelease('## Unreleased\n', '0.1.0'), false);
  });
});
