// The changes that wait for the next release: the files in .changeset, one for each change.
import { readdirSync } from 'node:fs';

export const pendingChangesets = () =>
  readdirSync('.changeset')
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => `.changeset/${file}`);
