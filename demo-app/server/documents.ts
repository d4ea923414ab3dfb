import { HttpProblem } from './http-problem';
import { StoredDocument } from './stored-document';

const maxDocuments = 20;

/** The documents of one run, created on first use. */
export class Documents {
  private readonly byId = new Map<string, StoredDocument>();

  constructor(private readonly seed: number) {}

  get(id: string): StoredDocument {
    const found = this.byId.get(id);
    if (found) return found;
    if (this.byId.size === maxDocuments) {
      throw new HttpProblem(409, `a run has at most ${String(maxDocuments)} documents`);
    }
    const made = new StoredDocument(id, this.seed);
    this.byId.set(id, made);
    return made;
  }
}
