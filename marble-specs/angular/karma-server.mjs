/**
 * A server for the specs in Chrome. Karma serves it beside the specs, under `/karma-server/<scene>/`, and each spec has a scene of
 * its own. Like other servers, it goes on working when its client hangs up.
 *
 *   ANY /<path>?ms=20            is answered after 20 ms
 *   ANY /<path>                  is answered by POST /answer?path=<path>
 *   …?token=new                  with 401, unless the header `Authorization` is `new`
 *   …?parts=3                    in several parts
 *   GET /log                     what has arrived, and what was done
 */

/** @typedef {{ name: string, body: string, state: 'open' | 'hung up' | 'answered' }} Seen */

class Scene {
  /** @type {Seen[]} All requests, in order. */
  requests = [];
  /** @type {string[]} What was done, in order: the body of a request, or its method and path. */
  landed = [];
  /** The greatest number of requests that it worked on at a time. */
  most = 0;
  #working = 0;
  /** @type {Map<string, () => void>} */
  #byHand = new Map();

  async receive(request, response, path, parameters) {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const seen = { name: `${request.method} /${path}`, body, state: 'open' };
    this.requests.push(seen);
    this.most = Math.max(this.most, ++this.#working);
    response.on('close', () => {
      if (seen.state === 'open') seen.state = 'hung up';
    });
    const token = parameters.get('token');
    const status = token === null || token === request.headers.authorization ? 200 : 401;
    const finish = () => {
      this.#working--;
      this.landed.push(body || seen.name);
      if (seen.state === 'open') seen.state = 'answered';
      response.end(JSON.stringify(path));
    };
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    for (let part = 1; part < Number(parameters.get('parts')); part++) response.write(' '.repeat(10_000));
    const ms = parameters.get('ms');
    if (ms === null) this.#byHand.set(path, finish);
    else setTimeout(finish, Number(ms));
  }

  answer(path) {
    this.#byHand.get(path)();
    this.#byHand.delete(path);
  }
}

const scenes = new Map();

function serve(request, response, next) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const [, name, path] = /^\/karma-server\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
  if (name === undefined) return next();
  if (!scenes.has(name)) scenes.set(name, new Scene());
  const scene = scenes.get(name);
  if (path === 'log') response.end(JSON.stringify(scene));
  else if (path === 'answer') response.end(scene.answer(searchParams.get('path')));
  else void scene.receive(request, response, path, searchParams);
}

/** A plugin of Karma. */
export const karmaServer = { 'middleware:karma-server': ['value', serve] };
