import { Hono } from 'hono';

import type { Noted } from './contract';
import { between, delay } from './latency';
import { integer, record, text } from './problem';
import type { Visiting } from './visit';

const maxNotes = 1_000;

/** The list of notes of one run, in the order in which they came. */
export class Notes {
  private readonly numbers: number[] = [];

  /** Adds a note. Returns what is wrong with that, if anything. */
  add(number: number): string | undefined {
    const greatest = Math.max(0, ...this.numbers);
    const isTwice = this.numbers.includes(number);
    if (this.numbers.length < maxNotes) this.numbers.push(number);
    if (isTwice) return 'came twice';
    return number < greatest ? `came after note ${String(greatest)}` : undefined;
  }
}

/** The third note is slow. Whatever is sent together with it overtakes it, even on a busy machine. */
function noteLatency(seed: number, number: number): number {
  return number === 3 ? between(560, 600, seed, number) : between(40, 90, seed, number);
}

/** `POST /notes/:number` with `{ "text": … }` appends a note, and `GET /news` reads something, each after a latency. */
export const notes = new Hono<Visiting>()
  .post('/notes/:number', async (context) => {
    const number = integer(context.req.param('number'), 'number', 1, maxNotes);
    text(record(await context.req.json())['text'], 'text', 1_000);
    const visit = context.var.visit();

    await delay(noteLatency(visit.run.seed, number));
    const damage = visit.run.notes.add(number);
    if (damage !== undefined) visit.damage(damage);
    const noted: Noted = { number };
    return visit.answer(noted, 201);
  })
  .get('/news', async (context) => {
    const visit = context.var.visit();
    await delay(50);
    return visit.answer({ news: [] });
  });
