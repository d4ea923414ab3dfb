const host = globalThis as { readonly Zone?: { readonly root: { run<T>(task: () => T): T } } };

/**
 * Runs `task` outside of all zones of zone.js. A timer or a listener that is made there keeps no application unstable, and
 * causes no change detection.
 */
export function outsideZones<T>(task: () => T): T {
  return host.Zone === undefined ? task() : host.Zone.root.run(task);
}
