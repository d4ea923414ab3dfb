// `npm run lint`: imports go in one direction. ARCHITECTURE.md describes the folders.

/** The folders of lib/internal, from the bottom to the top: a folder imports only from those before it, and from lib/*.ts types. */
const folders = ['checks', 'queue', 'delivery', 'waiting', 'tasks', 'primitives', 'streams', 'remote'];

export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'A circle cannot be read from the bottom to the top.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...folders.map((folder, index) => ({
      name: `only-below-${folder}`,
      severity: 'error',
      from: { path: `^lib/internal/${folder}/` },
      to: { path: `^lib/internal/(${folders.slice(index + 1).join('|') || 'nothing'})/` },
    })),
    {
      name: 'operators-above-lib',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/angular/' },
      to: { path: '^(operators|demo-app|marble-specs|benchmarks)/' },
    },
    {
      name: 'only-rxjs',
      comment: 'The core depends on its peer alone.',
      severity: 'error',
      from: { path: '^(lib|operators)/', pathNot: '^lib/angular/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'core'], pathNot: 'node_modules/rxjs/' },
    },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' } },
};
