import { play, type Program, type Visit } from './program';

/** A complete spec for Jasmine that does a program in virtual time, and expects the diagram that really comes of it. */
export function specText(program: Program): string {
  const { kind, name, units, visits, resizes } = program;
  const variable = kind === 'Lock' ? 'lock' : 'semaphore';
  const title = `${kind}${name === undefined ? '' : ` "${name}"`}`;
  const args = [...(kind === 'Lock' ? [] : [String(units)]), ...(name === undefined ? [] : [`{ name: ${quoted(name)} }`])];
  const { diagram } = play(program);
  const until = visits.some(({ leaves }) => leaves !== undefined);
  const never = until || visits.some(({ holds }) => holds === undefined) ? ['NEVER'] : [];
  const rxjs = [...never, 'type Observable', 'switchMap', ...(until ? ['takeUntil'] : []), 'timer'];
  return [
    `import { ${rxjs.join(', ')} } from 'rxjs';`,
    `import { type AcquireOptions, ${kind}, trace } from 'rxjs-locks';`,
    `import { withLock } from 'rxjs-locks/operators';`,
    `import { marbleOf } from 'rxjs-locks/testing';`,
    `import { TestScheduler } from 'rxjs/testing';`,
    '',
    '// A run of the demo. A frame is 20 ms of it.',
    `describe(${quoted(title)}, () => {`,
    `  it('grants and releases as in the run', () => {`,
    `    const scheduler = new TestScheduler(() => undefined);`,
    `    const ${variable} = new ${kind}(${args.join(', ')});`,
    `    let diagram = '';`,
    '',
    `    scheduler.run(() => {`,
    `      marbleOf(trace(${variable})).subscribe((drawn) => {`,
    `        diagram = drawn;`,
    `      });`,
    `      const arrive = (at: number, task: Observable<unknown>, options: AcquireOptions${
      until ? ', leaves: Observable<unknown> = NEVER' : ''
    }) =>`,
    ...(until
      ? [
          `        timer(at)`,
          `          .pipe(`,
          `            switchMap(() => task.pipe(withLock(${variable}, options))),`,
          `            takeUntil(leaves),`,
          `          )`,
          `          .subscribe();`,
        ]
      : [
          `        timer(at)`,
          `          .pipe(switchMap(() => task.pipe(withLock(${variable}, options))))`,
          `          .subscribe();`,
        ]),
    '',
    ...visits.map((visit) => `      ${called(visit)}`),
    ...resizes.map(({ at, bound }) => `      timer(${String(at)}).subscribe(() => ${variable}.resize(${String(bound)}));`),
    `    });`,
    '',
    `    expect(diagram).toBe(`,
    `      [`,
    ...diagram.split('\n').map((line) => `        ${quoted(line)},`),
    `      ].join('\\n'),`,
    `    );`,
    `  });`,
    `});`,
    '',
  ].join('\n');
}

function called({ arrives, holds, leaves, options }: Visit): string {
  const task = holds === undefined ? 'NEVER' : `timer(${String(holds)})`;
  const { label, weight, priority } = options;
  const parts = [
    ...(label === undefined ? [] : [`label: ${quoted(label)}`]),
    ...(weight === undefined ? [] : [`weight: ${String(weight)}`]),
    ...(priority === undefined ? [] : [`priority: ${String(priority)}`]),
  ];
  const end = leaves === undefined ? '' : `, timer(${String(leaves)})`;
  return `arrive(${String(arrives)}, ${task}, ${parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`}${end});`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
