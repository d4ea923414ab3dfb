/** One step of a trace, and the frame in which it was reported. */
export interface ModelStep {
  readonly frame: number;
  readonly primitive: string;
  /** Its number among the primitives with the same name, from 0. */
  readonly namesake: number;
  readonly waiter: number | undefined;
  readonly name: string;
  readonly symbol: string;
  /** The character that fills the time after it. */
  readonly filler: string;
}

/** The diagram of a whole trace, drawn at once. */
export function modelDiagram(steps: readonly ModelStep[]): string {
  const lines = new Map<string, ModelStep[]>();
  for (const step of inOrder(steps)) {
    const title = titleOf(step, steps);
    lines.set(title, [...(lines.get(title) ?? []), step]);
  }
  const width = Math.max(...[...lines.keys()].map((title) => title.length)) + 4;
  const columns = columnsOf([...lines.values()]);
  return [...lines].map(([title, line]) => title.padEnd(width) + drawn(line, columns)).join('\n');
}

/** Sorts by primitive, in the order of the first steps, and then by the number of the waiter. Other steps are last. */
function inOrder(steps: readonly ModelStep[]): ModelStep[] {
  const primitives = [...new Set(steps.map(primitiveOf))];
  const rank = (step: ModelStep): number => primitives.indexOf(primitiveOf(step)) * 1000 + (step.waiter ?? 999);
  return [...steps].sort((one, other) => rank(one) - rank(other));
}

function primitiveOf({ primitive, namesake }: ModelStep): string {
  return `${primitive}${String(namesake)}`;
}

function titleOf(step: ModelStep, steps: readonly ModelStep[]): string {
  const namesakes = [...new Set(steps.filter((each) => each.primitive === step.primitive).map((each) => each.namesake))];
  const number = namesakes.indexOf(step.namesake) + 1;
  const primitive = number === 1 ? step.primitive : `${step.primitive} #${String(number)}`;
  return new Set(steps.map(primitiveOf)).size === 1 ? step.name : `${primitive} ${step.name}`;
}

/** Each frame has its own column, further right if the text before it needs more room. */
function columnsOf(lines: readonly (readonly ModelStep[])[]): Map<number, number> {
  const frames = [...new Set(lines.flat().map(({ frame }) => frame))].sort((one, other) => one - other);
  const columns = new Map<number, number>();
  let [column, before, room] = [0, 0, 0];
  for (const frame of frames) {
    column += Math.max(frame - before, room);
    columns.set(frame, column);
    before = frame;
    room = Math.max(...lines.map((line) => written(line, frame).length));
  }
  return columns;
}

function written(line: readonly ModelStep[], frame: number): string {
  const text = line.flatMap((step) => (step.frame === frame ? [step.symbol] : [])).join('');
  return text.length > 1 ? `(${text})` : text;
}

function drawn(line: readonly ModelStep[], columns: ReadonlyMap<number, number>): string {
  let [text, filler] = ['', '-'];
  for (const frame of new Set(line.map((step) => step.frame))) {
    text = text.padEnd(Number(columns.get(frame)), filler) + written(line, frame);
    filler = line.filter((step) => step.frame === frame).at(-1)?.filler ?? '-';
  }
  return text;
}
