import { Hono } from 'hono';

import { unitBytes } from './contract';
import { between, delay } from './latency';
import { integer, Problem, record } from './problem';
import type { Visit, Visiting } from './visit';

const heaviest = 3;
const largestCapacity = 64;

/** How much the server of one run does at once, in units, and how much it can do. */
export class Work {
  capacity = 8;
  private units = 0;

  /** Begins a request. Returns the units that are at the server now, those of the request included. */
  begin(units: number): number {
    this.units += units;
    return this.units;
  }

  end(units: number): void {
    this.units -= units;
  }
}

/** Works on a request for a time. Above the capacity, the request is refused at once. */
async function work(visit: Visit, units: number, milliseconds: number): Promise<Response> {
  const { work } = visit.run;
  const atOnce = work.begin(units);
  if (atOnce > work.capacity) {
    work.end(units);
    visit.damage(`refused: ${String(atOnce)} at once`);
    return visit.refuse(503, `the server does ${String(work.capacity)} units at once, and these were ${String(atOnce)}`);
  }
  await delay(milliseconds);
  work.end(units);
  return visit.answer({});
}

/**
 * - `PUT /capacity` with `{ "units": … }`: how much the server does at once. It is not in the log.
 * - `PUT /uploads/:file/chunks/:chunk` with the bytes of a chunk. It takes one unit for each 4 kB.
 * - `GET /previews/:preview` and `PUT /profile`: one unit each.
 */
export const uploads = new Hono<Visiting>()
  .put('/capacity', async (context) => {
    const { units } = record(await context.req.json());
    context.var.run.work.capacity = integer(units, 'units', 1, largestCapacity);
    return context.json({});
  })
  .put('/uploads/:file/chunks/:chunk', async (context) => {
    const file = integer(context.req.param('file'), 'file', 1, 1_000);
    const chunk = integer(context.req.param('chunk'), 'chunk', 1, 100);
    const { byteLength } = await context.req.arrayBuffer();
    const units = Math.max(1, Math.ceil(byteLength / unitBytes));
    if (units > heaviest) throw new Problem(413, `a chunk has at most ${String(heaviest * unitBytes)} bytes`);
    const visit = context.var.visit();
    return work(visit, units, between(80, 140, visit.run.seed, 100 * file + chunk));
  })
  .get('/previews/:preview', async (context) => {
    const preview = integer(context.req.param('preview'), 'preview', 1, 1_000);
    const visit = context.var.visit();
    return work(visit, 1, between(160, 220, visit.run.seed, 200_000 + preview));
  })
  .put('/profile', async (context) => {
    const visit = context.var.visit();
    return work(visit, 1, between(50, 80, visit.run.seed, 300_000));
  });
