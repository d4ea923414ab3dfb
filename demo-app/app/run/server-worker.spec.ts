import { settleServerWorker } from './server-worker';

describe('settleServerWorker', () => {
  const worker = (state: ServiceWorkerState, scriptURL = 'http://host/docs/server-worker.js') => ({
    state,
    scriptURL,
    messages: [] as unknown[],
    postMessage(message: unknown) {
      this.messages.push(message);
    },
  });
  type Worker = ReturnType<typeof worker>;

  class Workers extends EventTarget {
    readonly registered: [string, RegistrationOptions][] = [];
    readonly registration = {
      installing: null as Worker | null,
      waiting: null as Worker | null,
      active: null as Worker | null,
      update: jasmine.createSpy('update').and.resolveTo(),
      unregister: jasmine.createSpy('unregister').and.resolveTo(true),
    };

    constructor(public controller: Worker | null) {
      super();
    }

    register(address: URL, options: RegistrationOptions) {
      this.registered.push([address.href, options]);
      return Promise.resolve(this.registration);
    }

    getRegistration() {
      return Promise.resolve(this.registration);
    }

    control(by: Worker) {
      this.controller = by;
      this.dispatchEvent(new Event('controllerchange'));
    }
  }

  const page = (head: string) => new DOMParser().parseFromString(`<base href="http://host/docs/">${head}`, 'text/html');
  const isStatic = '<meta name="server-worker" content="server-worker.js">';
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  const settle = (workers: Workers | null, head: string) => {
    const record: string[] = [];
    settleServerWorker(workers as unknown as ServiceWorkerContainer | null, page(head), () => record.push('reload')).then(
      () => record.push('settled'),
      (error: unknown) => record.push(String(error)),
    );
    return record;
  };

  it('registers the worker that the page names, and waits until it controls the page', async () => {
    const workers = new Workers(null);
    const installing = worker('installing');
    workers.registration.installing = installing;
    const record = settle(workers, isStatic);
    await settled();
    expect(workers.registered).toEqual([['http://host/docs/server-worker.js', { updateViaCache: 'none' }]]);
    expect(record).toEqual([]);
    workers.control(installing);
    await settled();

    expect(record).toEqual(['settled']);
    expect(installing.messages).toEqual([]);
  });

  it('goes on at once if the newest worker controls the page, with or without a network', async () => {
    const active = worker('activated');
    const workers = new Workers(active);
    workers.registration.active = active;
    for (const update of [Promise.resolve(), Promise.reject(new TypeError('no network'))]) {
      workers.registration.update.and.returnValue(update);
      const record = settle(workers, isStatic);
      await settled();
      expect(record).toEqual(['settled']);
    }
  });

  it('waits for a newer worker', async () => {
    const [old, newer] = [worker('activated'), worker('installing')];
    const workers = new Workers(old);
    workers.registration.active = old;
    workers.registration.update.and.callFake(() => {
      workers.registration.installing = newer;
      return Promise.resolve();
    });
    const record = settle(workers, isStatic);
    await settled();
    expect(record).toEqual([]);
    workers.control(newer);
    await settled();

    expect(record).toEqual(['settled']);
  });

  it('asks the worker to control a page that was loaded by force', async () => {
    const active = worker('activated');
    const workers = new Workers(null);
    workers.registration.active = active;
    const record = settle(workers, isStatic);
    await settled();
    expect(active.messages.length).toBe(1);
    workers.control(active);
    await settled();

    expect(record).toEqual(['settled']);
  });

  it('tells that a page without a server needs service workers', async () => {
    const record = settle(null, isStatic);
    await settled();

    expect(record.join()).toContain('this page needs service workers');
  });

  it('registers nothing for the pages of a server', async () => {
    for (const workers of [new Workers(null), null]) {
      const record = settle(workers, '');
      await settled();
      expect(record).toEqual(['settled']);
      expect(workers?.registered ?? []).toEqual([]);
    }
  });

  it('removes a worker that hides the server, and loads the page again', async () => {
    const workers = new Workers(worker('activated'));
    const record = settle(workers, '');
    await settled();

    expect(workers.registration.unregister).toHaveBeenCalledTimes(1);
    expect(record).toEqual(['reload']);
  });

  it("leaves other sites' workers alone", async () => {
    const workers = new Workers(worker('activated', 'http://host/other.js'));
    const record = settle(workers, '');
    await settled();

    expect(workers.registration.unregister).not.toHaveBeenCalled();
    expect(record).toEqual(['settled']);
  });
});
