import { WaitQueue, type QueueNode } from '../../../../lib/internal/queue/wait-queue.js';

/** A node with a name. */
class NamedNode implements QueueNode {
  behind: NamedNode | undefined = undefined;
  ahead: NamedNode | undefined = undefined;

  constructor(readonly name: string) {}
}

describe('WaitQueue', () => {
  function queueOf(text: string): { queue: WaitQueue<NamedNode>; nodes: Map<string, NamedNode> } {
    const queue = new WaitQueue<NamedNode>();
    const nodes = new Map(text.split('').map((name) => [name, new NamedNode(name)]));
    nodes.forEach((each) => {
      queue.push(each);
    });
    return { queue, nodes };
  }

  /** The names in the queue, read in both directions. */
  function text(queue: WaitQueue<NamedNode>): string {
    let forward = '';
    let last: NamedNode | undefined;
    for (let each = queue.head; each !== undefined; each = queue.after(each)) {
      forward += each.name;
      last = each;
    }
    let backward = '';
    for (let each: NamedNode | undefined = last; each !== undefined; each = each.ahead) {
      backward = each.name + backward;
    }
    expect(backward).toBe(forward);
    expect(queue.length).toBe(forward.length);
    return forward;
  }

  function nodeOf(nodes: Map<string, NamedNode>, name: string): NamedNode {
    const found = nodes.get(name);
    if (found === undefined) {
      throw new Error(`no node has the name ${name}`);
    }
    return found;
  }

  it('has the node that was pushed first at its head', () => {
    const { queue, nodes } = queueOf('abc');
    expect(queue.head).toBe(nodeOf(nodes, 'a'));
    for (const name of 'abc') {
      queue.remove(nodeOf(nodes, name));
    }
    expect(text(queue)).toBe('');
    expect(queue.head).toBeUndefined();
    queue.push(nodeOf(nodes, 'a'));
    expect(text(queue)).toBe('a');
  });

  for (const name of 'abcd') {
    it(`removes ${name} from abcd, and pushes it again at the end`, () => {
      const { queue, nodes } = queueOf('abcd');
      queue.remove(nodeOf(nodes, name));
      expect(text(queue)).toBe('abcd'.replace(name, ''));
      queue.push(nodeOf(nodes, name));
      expect(text(queue)).toBe('abcd'.replace(name, '') + name);
    });
  }

  it('drains all nodes in order', () => {
    const { queue, nodes } = queueOf('abc');
    expect(queue.drain()).toEqual([...nodes.values()]);
    expect(text(queue)).toBe('');
  });
});
