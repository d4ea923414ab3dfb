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

/** Has no summary, as most nodes. */
class Plain extends TreeNode {}

function depthOf(node: TreeNode | undefined): number {
  return node === undefined ? 0 : 1 + Math.max(depthOf(node.left), depthOf(node.right));
}

/** Whether every node is higher than those below it. */
function isHeap(node: TreeNode | undefined): boolean {
  const below = [node?.left, node?.right];
  return below.every((each) => each === undefined || (each.height < Number(node?.height) && isHeap(each)));
}

describe('SortedMap', () => {
  it('keeps its nodes in order, finds them, and keeps their summaries true, whatever comes and goes', () => {
    assert(
      property(array(tuple(boolean(), integer({ min: -8, max: 8 })), { maxLength: 60, size: 'max' }), (operations) => {
        const map = new SortedMap<Weighed>();
        const expected = new Map<number, Weighed>();
        const known = new Map<number, Weighed>();
        for (const [comes, rank] of operations) {
          const node = expected.get(rank);
          if (node === undefined) {
            const added = known.get(rank) ?? new Weighed(rank);
            known.set(rank, added);
            map.insert(added);
            expected.set(rank, added);
          } else if (comes) {
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
    ['outward', (index: number): number => (index % 2 === 0 ? index : -index)],
  ] as const) {
    it(`stays flat with 20,000 ranks that come ${order}, and when half of them have left`, () => {
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
