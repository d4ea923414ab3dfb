import { array, assert, boolean, integer, property, tuple } from 'fast-check';

import { SortedMap, summarizeUp, TreeNode } from '../../../../lib/internal/queue/sorted-map.js';

/** Summarizes the weights and the ranks of its subtree, in order. */
class Weighed extends TreeNode {
  total = 0;
  ranks: readonly number[] = [];

  constructor(
    rank: number,
    public weight = rank,
  ) {
    super(rank);
  }

  override summarize(): void {
    const { left, right } = this;
    this.total = (left?.total ?? 0) + this.weight + (right?.total ?? 0);
    this.ranks = [...(left?.ranks ?? []), this.rank, ...(right?.ranks ?? [])];
  }
}

/** A node without a summary. */
class Plain extends TreeNode {}

function depthOf(node: TreeNode | undefined): number {
  return node === undefined ? 0 : 1 + Math.max(depthOf(node.left), depthOf(node.right));
}

/** Whether every node has a greater height than its children. */
function isHeap(node: TreeNode | undefined): boolean {
  const children = [node?.left, node?.right];
  return children.every((each) => each === undefined || (each.height < Number(node?.height) && isHeap(each)));
}

describe('SortedMap', () => {
  it('finds its nodes, and keeps their order and their summaries, after any inserts and removals', () => {
    assert(
      property(array(tuple(boolean(), integer({ min: -8, max: 8 })), { maxLength: 60, size: 'max' }), (operations) => {
        const map = new SortedMap<Weighed>();
        const expected = new Map<number, Weighed>();
        const known = new Map<number, Weighed>();
        for (const [changes, rank] of operations) {
          const node = expected.get(rank);
          if (node === undefined) {
            const added = known.get(rank) ?? new Weighed(rank);
            known.set(rank, added);
            map.insert(added);
            expected.set(rank, added);
          } else if (changes) {
            node.weight++;
            summarizeUp(map.root, node);
          } else {
            map.remove(node);
            expected.delete(rank);
          }
          const ranks = [...expected.keys()].sort((one, other) => one - other);
          expect(map.root?.ranks ?? []).toEqual(ranks);
          expect(isHeap(map.root)).toBeTrue();
          expect(map.root?.total ?? 0).toBe([...expected.values()].reduce((sum, { weight }) => sum + weight, 0));
          for (let rank = -9; rank <= 9; rank++) {
            expect(map.get(rank)).toBe(expected.get(rank));
            expect(map.above(rank)?.rank).toBe(ranks.find((each) => each > rank));
          }
        }
      }),
    );
  });

  for (const [order, rankOf] of [
    ['rising', (index: number): number => index],
    ['falling', (index: number): number => -index],
    ['alternating', (index: number): number => (index % 2 === 0 ? index : -index)],
  ] as const) {
    it(`stays flat after 20,000 inserts in ${order} order, and after half of the nodes are removed`, () => {
      const map = new SortedMap<Plain>();
      const nodes = Array.from({ length: 20_000 }, (_, index) => new Plain(rankOf(index)));
      nodes.forEach((node) => {
        map.insert(node);
      });
      expect(depthOf(map.root)).toBeLessThan(50);
      nodes.slice(0, 10_000).forEach((node) => {
        map.remove(node);
      });
      expect(depthOf(map.root)).toBeLessThan(50);
    });
  }
});
