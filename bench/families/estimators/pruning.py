"""Minimal cost-complexity pruning of a grown tree, and how much each of its subtrees errs on any rows.

Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, chapter 3: the branches that gain least a
leaf are cut first, which gives a nested sequence of subtrees, each the best for a range of prices of a leaf. A branch
costs what its leaves get wrong on the rows that grew it: the share of wrong labels, or the mean squared error. (What
scikit-learn's `ccp_alpha` prices is the impurity by which the tree was grown.)

scikit-learn numbers nodes in the order in which it grows them, depth first, so that the branch of node t is t, t + 1,
..., end[t] - 1, and a sum over a branch is the difference of two running sums.
"""

from __future__ import annotations

from typing import Any

import numpy as np

#: Prices closer than this share of the root's cost are one price: they differ by rounding.
ROUNDING = 1e-12


class PrunableTree:
    """A fitted decision tree of scikit-learn with its nested subtrees, from the whole tree (0) to its root alone.

    tree             scikit-learn's own, of t nodes
    answers (t,)     what a row would be told that ended in the node: a class of the fit, or a number
    prices (s,)      the price of a leaf from which on each subtree is the best, ascending from 0
    leaves (s, t)    whether the node ends the subtree
    """

    def __init__(self, fitted: Any) -> None:
        self.tree = tree = fitted.tree_
        self.classify = hasattr(fitted, "classes_")
        values, weights = (
            tree.value[:, 0, :],
            tree.weighted_n_node_samples / tree.weighted_n_node_samples[0],
        )
        self.answers = (
            fitted.classes_[values.argmax(axis=1)] if self.classify else values[:, 0]
        )
        self.end = branch_ends(tree)
        costs = weights * (1 - values.max(axis=1) if self.classify else tree.impurity)
        self.prices, self.leaves = nested_subtrees(
            self.end, tree.children_left < 0, costs
        )

    def losses(self, rows: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """(s,) How much each subtree errs on these rows: wrong labels, or the sum of squared errors.

        rows (m, p) float32, truth (m,) in the classes of the fit, or numbers.
        """
        reached, nodes = self.tree.apply(rows), len(self.answers)
        if self.classify:
            known, codes = np.unique(
                np.concatenate([truth, self.answers]), return_inverse=True
            )
            counts = np.zeros((nodes, len(known)))
            np.add.at(counts, (reached, codes[: len(truth)]), 1)
            counts = self._of_branches(counts)
            loss = counts.sum(axis=1) - counts[np.arange(nodes), codes[len(truth) :]]
        else:
            truth, said = truth - self.answers[0], self.answers - self.answers[0]
            sums = [
                np.bincount(reached, weights=w, minlength=nodes)
                for w in (np.ones(len(truth)), truth, truth**2)
            ]
            n, linear, square = self._of_branches(np.stack(sums, axis=1)).T
            loss = square - 2 * said * linear + said**2 * n
        return np.asarray(self.leaves @ loss)

    def answers_of(self, subtree: int) -> np.ndarray:
        """(t,) What a row is told by a subtree, by the leaf of the whole tree that it reaches."""
        return np.asarray(self.answers[self.ends_of(subtree)])

    def ends_of(self, subtree: int) -> np.ndarray:
        """(t,) The node in which a row ends in a subtree, by the leaf of the whole tree that it reaches."""
        nodes = np.arange(len(self.answers))
        return np.asarray(
            np.maximum.accumulate(np.where(self.leaves[subtree], nodes, 0))
        )

    def _of_branches(self, values: np.ndarray) -> np.ndarray:
        return branch_sums(values, self.end)


def branch_ends(tree: Any) -> np.ndarray:
    """(t,) For each node the number after the last one of its branch."""
    right, ends = tree.children_right.tolist(), list(range(1, tree.node_count + 1))
    for node in reversed(range(tree.node_count)):
        if right[node] >= 0:
            ends[node] = ends[right[node]]
    return np.array(ends)


def branch_sums(values: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(t, ...) The sum of values over each node's branch, from those of the nodes."""
    running = np.concatenate(
        [np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0, dtype=float)]
    )
    return np.asarray(running[end] - running[:-1])


def nested_subtrees(
    end: np.ndarray, leaf: np.ndarray, costs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The prices (s,) and leaves (s, t) of the nested subtrees, from whether nodes are leaves and cost what as such.

    A branch of k leaves that cost R in sum, below a node that costs r, pays as long as a leaf costs less than
    (r - R) / (k - 1). Branches that pay no longer are cut together; the first subtree has none that gains nothing.
    """
    leaf, inner = leaf.copy(), ~leaf
    prices, leaves = [0.0], [leaf.copy()]
    close = ROUNDING * float(costs[0])
    while inner.any():
        below, count = (
            branch_sums(np.where(leaf, costs, 0.0), end),
            branch_sums(leaf, end),
        )
        pays = np.where(inner, (costs - below) / np.maximum(count - 1, 1), np.inf)
        price = float(pays.min())
        for node in np.flatnonzero(pays <= price + close):
            if inner[node]:  # no branch above it was cut just now
                inner[node : end[node]] = leaf[node : end[node]] = False
                leaf[node] = True
        if price <= prices[-1] + close:
            leaves[-1] = leaf.copy()
        else:
            prices.append(price)
            leaves.append(leaf.copy())
    return np.array(prices), np.array(leaves)
