import { Router } from 'express';

import { identifier, integer, record } from './input';
import type { Runs } from './runs';

/** `POST /` with an optional `{ "seed": … }` starts a run. `DELETE /:id` deletes its documents and counts, and keeps its seed. */
export function runRoutes(runs: Runs): Router {
  const router = Router();

  router.post('/', (request, response) => {
    const { seed } = record(request.body ?? {});
    const run = seed === undefined ? runs.begin() : runs.begin(integer(seed, 'seed', 0, 2 ** 32 - 1));
    response.status(201).json(run);
  });

  router.delete('/:id', (request, response) => {
    runs.reset(identifier(request.params.id, 'id'));
    response.status(204).end();
  });

  return router;
}
