const script = 'server-worker.js';

/**
 * Resolves when requests reach the backend of these pages.
 *
 * Pages without a server name their service worker: `<meta name="server-worker" content="server-worker.js">`. It is registered, and
 * controls the page from then on. Pages of a server name none. If one controls them, it is left from other pages at the same
 * address and would hide the server: it is removed, and the page is loaded again.
 */
export async function settleServerWorker(
  workers: ServiceWorkerContainer | null = workersOfBrowser(),
  page: Document = document,
  reload = () => {
    location.reload();
  },
): Promise<void> {
  const wanted = page.querySelector<HTMLMetaElement>('meta[name=server-worker]')?.content;
  if (wanted === undefined) {
    if (workers !== null) await remove(workers, reload);
    return;
  }
  if (workers === null) throw new Error('this page needs service workers: open it by HTTPS, and not in a private window');
  await control(workers, new URL(wanted, page.baseURI));
}

/** Browsers have no service workers in pages without HTTPS. */
function workersOfBrowser(): ServiceWorkerContainer | null {
  return 'serviceWorker' in navigator ? navigator.serviceWorker : null;
}

async function control(workers: ServiceWorkerContainer, address: URL): Promise<void> {
  const registration = await workers.register(address, { updateViaCache: 'none' });
  // A run must not begin at a worker that a newer one is about to replace. Without a network, the present one is the newest.
  await registration.update().catch(() => undefined);
  const newest = registration.installing ?? registration.waiting ?? registration.active;
  if (workers.controller === newest) return;
  const controls = new Promise((resolve) => {
    workers.addEventListener('controllerchange', resolve, { once: true });
  });
  if (newest?.state === 'activated') newest.postMessage('control this page');
  await controls;
}

async function remove(workers: ServiceWorkerContainer, reload: () => void): Promise<void> {
  if (workers.controller?.scriptURL.endsWith(`/${script}`) !== true) return;
  const registration = await workers.getRegistration();
  if ((await registration?.unregister()) !== true) return;
  reload();
  await new Promise(() => undefined);
}
