/** How many objects one comes to that goes by enumerable properties, as those do that compare or print objects. */
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
