// The form of CHANGELOG.md, and of the changesets that go into it. A release is one section, with the changes under headings of the
// areas that they belong to.

/** A file of a changeset: what it raises stands between two lines `---`, and the text for the changelog follows. */
const changeset = /^---\n[^]*?\n---\n(?<text>[^]*)$/;

/** The areas in a text, each with its items, in the order of the text. */
function areasOf(text) {
  const [before, ...sections] = `\n${text}`.split(/\n### /);
  if (before.trim() !== '' || sections.length === 0) {
    throw new Error(
      `a text for the changelog begins with the heading of its area, such as "### Operators", but this does not:\n${text}`,
    );
  }
  return sections.map((section) => {
    const end = `${section}\n`.indexOf('\n');
    return { area: section.slice(0, end).trim(), items: section.slice(end).trim() };
  });
}

/** What a changeset says to the users of the library. */
export function textOf(file) {
  const { text } = changeset.exec(file)?.groups ?? {};
  if (text === undefined) throw new Error(`a changeset begins with a block between two lines "---", but this does not:\n${file}`);
  return text.trim();
}

/** Whether the changelog has a section for a version. */
export const hasRelease = (changelog, version) => changelog.split('\n').includes(`## ${version}`);

/**
 * Adds the section of a version, above those that are there. What the texts say of one area stands under one heading. Areas come in
 * the order in which they first occur in the changelog, and new ones after them.
 */
export function withRelease(changelog, version, texts) {
  if (hasRelease(changelog, version)) throw new Error(`CHANGELOG.md has a section ${version} already`);
  const order = [...changelog.matchAll(/^### (.+)$/gm)].map(([, area]) => area);
  const itemsOf = new Map(order.map((area) => [area, []]));
  for (const { area, items } of texts.flatMap(areasOf)) itemsOf.set(area, [...(itemsOf.get(area) ?? []), items]);
  const sections = [...itemsOf]
    .filter(([, items]) => items.length > 0)
    .map(([area, items]) => `### ${area}\n\n${items.join('\n')}\n\n`);
  const start = changelog.search(/^## /m);
  const at = start < 0 ? changelog.length : start;
  return `${changelog.slice(0, at)}## ${version}\n\n${sections.join('')}${changelog.slice(at)}`;
}
