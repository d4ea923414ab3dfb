/** The number of objects that enumerable properties reach from `roots`. Code that compares or prints objects visits them. */
export function reachable(...roots: (object | null)[]): number {
  const seen = new Set<unknown>(roots);
  for (const object of seen) {
    for (const value of Object.values(object ?? {}) as unknown[]) {
      if (typeof value === 'object' && value !== null) {
        seen.add(value);
      }
    }
  }
  return seen.size;
}
