/**
 * Nodes in the order of their ranks. Inserting, removing and finding a neighbor take a number of steps that grows with the
 * logarithm of the size; finding a node by its rank takes one step. A node can keep a summary of the nodes below it.
 *
 * ```
 *               ● 5              ranks rise from left to right,
 *            ┌──┴──┐             heights fall from top to bottom
 *          2 ●     ● 9
 *            └─┐
 *              ● 3
 * ```
 *
 * Heights come from a fixed sequence of pseudo-random numbers. So the tree stays flat in whatever order the ranks are inserted, and the
 * same calls build the same tree in every run.
 *
 * The ancestor is the treap of Aragon and Seidel.
 */
export abstract class TreeNode {
  left: this | undefined = undefined;
  right: this | undefined = undefined;
  /** Set when the node is inserted. */
  height = 0;

  constructor(readonly rank: number) {}

  /** Updates its summary of itself and of all nodes below it. The summaries of its two children are up to date. */
  summarize(): void {
    // Most nodes have no summary.
  }
}

export class SortedMap<N extends TreeNode> {
  // Each node is right of the nodes with lower ranks, left of those with higher ranks, and below those with greater
  // heights. `nodes` holds the same nodes. No two have the same rank.
  root: N | undefined = undefined;
  private readonly nodes = new Map<number, N>();
  private height = 0;

  get(rank: number): N | undefined {
    // Stryker disable next-line ConditionalExpression: most maps have one node, which is found faster this way
    return this.root?.rank === rank ? this.root : this.nodes.get(rank);
  }

  /** Inserts a node. The map must not have its rank yet. */
  insert(node: N): void {
    // Stryker disable next-line ArithmeticOperator: any other sequence of the kind does as well
    node.height = this.height = (Math.imul(this.height, 1_664_525) + 1_013_904_223) >>> 0;
    this.nodes.set(node.rank, node);
    this.root = inserted(this.root, node);
  }

  remove(node: N): void {
    this.nodes.delete(node.rank);
    this.root = removed(this.root, node);
  }

  /** The node with the lowest rank above `rank`. */
  above(rank: number): N | undefined {
    let found: N | undefined;
    for (let node = this.root; node !== undefined;) {
      if (node.rank > rank) {
        found = node;
        node = node.left;
      } else {
        node = node.right;
      }
    }
    return found;
  }
}

/** Updates the summaries of `node` and of all nodes above it, and those on the way to its neighbor below. */
export function summarizeUp<N extends TreeNode>(tree: N | undefined, node: N): void {
  if (tree !== undefined) {
    // Stryker disable next-line EqualityOperator: at `node` itself, either way is right
    summarizeUp(node.rank < tree.rank ? tree.left : tree.right, node);
    tree.summarize();
  }
}

// Stryker disable EqualityOperator: no two nodes have the same rank or the same height

function inserted<N extends TreeNode>(tree: N | undefined, node: N): N {
  if (tree === undefined || node.height > tree.height) {
    split(tree, node);
    node.summarize();
    return node;
  }
  if (node.rank < tree.rank) {
    tree.left = inserted(tree.left, node);
  } else {
    tree.right = inserted(tree.right, node);
  }
  tree.summarize();
  return tree;
}

function removed<N extends TreeNode>(tree: N | undefined, node: N): N | undefined {
  // Stryker disable next-line ConditionalExpression: the node stands in the tree
  if (tree === undefined || tree === node) {
    return joined(node.left, node.right);
  }
  if (node.rank < tree.rank) {
    tree.left = removed(tree.left, node);
  } else {
    tree.right = removed(tree.right, node);
  }
  tree.summarize();
  return tree;
}

/** Hangs the nodes of a tree below `node`: the lower ones on its left, the others on its right. */
function split<N extends TreeNode>(tree: N | undefined, node: N): void {
  if (tree === undefined) {
    node.left = node.right = undefined;
  } else if (tree.rank < node.rank) {
    split(tree.right, node);
    tree.right = node.left;
    tree.summarize();
    node.left = tree;
  } else {
    split(tree.left, node);
    tree.left = node.right;
    tree.summarize();
    node.right = tree;
  }
}

/** All ranks of `lower` are below those of `higher`. */
function joined<N extends TreeNode>(lower: N | undefined, higher: N | undefined): N | undefined {
  if (lower === undefined || higher === undefined) {
    return lower ?? higher;
  }
  if (lower.height > higher.height) {
    lower.right = joined(lower.right, higher);
    lower.summarize();
    return lower;
  }
  higher.left = joined(lower, higher.left);
  higher.summarize();
  return higher;
}

// Stryker restore EqualityOperator
