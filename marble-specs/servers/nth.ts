/** One of several, by a number that goes around. */
export function nth<T>(several: readonly T[], index: number): T {
  return several[index % several.length] as T;
}
