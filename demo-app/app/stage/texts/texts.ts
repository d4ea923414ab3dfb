import type { Traced } from '../../run/actors';
import type { TracedStep } from '../../run/recording';
import { programOf } from './program';
import { specText } from './spec-text';

export { diagramOf } from './diagram';

/** The spec of a run, or undefined where it cannot be told as a program: of several primitives, or of none that a spec knows. */
export function specOf(steps: readonly TracedStep[], primitives: readonly Traced[]): string | undefined {
  const program = programOf(steps, primitives.find(({ demandOf }) => demandOf !== undefined)?.demandOf);
  return program && specText(program);
}
