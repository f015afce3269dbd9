"""Where the nodes of a directed graph stand: in rows from top to bottom, so that each edge leads downwards.

As in Sugiyama, Tagawa & Toda (1981), doi:10.1109/TSMC.1981.4308636, the rows follow from the longest path to each node,
the order within a row reduces crossings, and an edge that passes a row keeps a free place in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import lsq_linear

Point = tuple[float, float]

_SWEEPS = 8
_PASSING = 8.0
"""The width of the free place for an edge that passes a row, in points."""


@dataclass(frozen=True)
class Layout:
    """Where nodes and edges stand, in points from the top left corner of the layout; y grows downwards.

    Attributes
    ----------
    x, y : list of float
        The middle and the top of each node.
    edges : list of lists of (x, y)
        For each edge the points through which it leads, from the bottom of a node to the top of another.
    width, height : float
        The size of the layout.
    """

    x: list[float]
    y: list[float]
    edges: list[list[Point]]
    width: float
    height: float


def lay_out(
    sources: Sequence[Sequence[int]], *, node_width: float, node_heights: Sequence[float], gap: float, row_gap: float
) -> Layout:
    """Place the nodes of a graph.

    Parameters
    ----------
    sources : sequence of sequences of int
        For each node the nodes from which an edge leads to it; all of them come before it.
    node_width : float
        The width of every node, in points.
    node_heights : sequence of float
        The height of each node, in points.
    gap, row_gap : float
        The least distances between two neighbours in a row and between two rows, in points.

    Returns
    -------
    Layout

    Examples
    --------
    >>> found = lay_out([[], [0], [0], [1, 2]], node_width=80, node_heights=[30] * 4, gap=20, row_gap=10)
    >>> [round(x) for x in found.x], [round(y) for y in found.y]
    ([90, 40, 140, 90], [0, 40, 40, 80])
    """
    rows = _rows(sources)
    chains = _chains(sources, rows)
    places = [[node for node, its_row in enumerate(rows) if its_row == row] for row in range(max(rows) + 1)]
    for source, *passed, _ in chains:
        for row, place in enumerate(passed, start=rows[source] + 1):
            places[row].append(place)
    links = [link for chain in chains for link in pairwise(chain)]
    _reduce_crossings(places, links)
    widths = {place: node_width if place < len(sources) else _PASSING for row in places for place in row}
    x = _positions(places, links, widths, gap)
    heights = [max(node_heights[place] for place in row if place < len(sources)) for row in places]
    tops = np.concatenate([[0.0], np.cumsum(np.add(heights, row_gap))]).tolist()
    y = [tops[row] + (heights[row] - node_heights[node]) / 2 for node, row in enumerate(rows)]
    edges = []
    for source, *passed, target in chains:
        points = [(x[source], y[source] + node_heights[source])]
        for row, place in enumerate(passed, start=rows[source] + 1):
            points += [(x[place], tops[row]), (x[place], tops[row] + heights[row])]
        edges.append([*points, (x[target], y[target])])
    width = max(x[place] + widths[place] / 2 for place in x)
    return Layout([x[node] for node in range(len(sources))], y, edges, width, tops[-1] - row_gap)


def _rows(sources: Sequence[Sequence[int]]) -> list[int]:
    """Return the row of each node: below all its sources, and just above its first target if it has no source.

    Examples
    --------
    >>> _rows([[], [0], [1], [], [0, 2, 3]])
    [0, 1, 2, 2, 3]
    """
    rows: list[int] = []
    for above in sources:
        rows.append(max((rows[node] + 1 for node in above), default=0))
    for node, above in enumerate(sources):
        targets = [rows[other] for other, its_sources in enumerate(sources) if node in its_sources]
        if not above and targets:
            rows[node] = min(targets) - 1
    return rows


def _chains(sources: Sequence[Sequence[int]], rows: Sequence[int]) -> list[list[int]]:
    """Return for each edge its source, a new place for each row that it passes, and its target.

    Examples
    --------
    >>> _chains([[], [0], [0, 1]], [0, 1, 2])
    [[0, 1], [0, 3, 2], [1, 2]]
    """
    chains: list[list[int]] = []
    free = len(sources)
    for target, above in enumerate(sources):
        for source in dict.fromkeys(above):
            passed = range(free, free + rows[target] - rows[source] - 1)
            chains.append([source, *passed, target])
            free += len(passed)
    return chains


def _reduce_crossings(places: list[list[int]], links: Sequence[tuple[int, int]]) -> None:
    """Sort each row by the mean order of its neighbours in the row above, then in the row below, several times."""
    above: dict[int, list[int]] = {place: [] for row in places for place in row}
    below: dict[int, list[int]] = {place: [] for row in places for place in row}
    for upper, lower in links:
        above[lower].append(upper)
        below[upper].append(lower)
    for _ in range(_SWEEPS):
        for sorted_rows, neighbours in ((places[1:], above), (places[-2::-1], below)):
            for row in sorted_rows:
                order = {place: i - (len(each) - 1) / 2 for each in places for i, place in enumerate(each)}
                means = {
                    place: float(np.mean([order[other] for other in neighbours[place]]))
                    if neighbours[place]
                    else order[place]
                    for place in row
                }
                row.sort(key=means.__getitem__)


def _positions(
    places: Sequence[Sequence[int]], links: Sequence[tuple[int, int]], widths: Mapping[int, float], gap: float
) -> dict[int, float]:
    """Return the middle of each place, so that linked places stand below each other and none touches another.

    The positions are those with the least sum of squared sideways distances, in which the only link between two nodes
    counts most, and that of an edge that passes other rows least. The unknowns are the first position in each row and
    the distances to the next, which have a lower bound.
    """
    index = {place: number for number, place in enumerate(place for row in places for place in row)}
    to_positions, bounds = np.zeros((len(index), len(index))), np.full(len(index), -np.inf)
    for row in places:
        for number, place in enumerate(row):
            to_positions[index[place], index[row[0]] : index[place] + 1] = 1
            if number:
                bounds[index[place]] = (widths[row[number - 1]] + widths[place]) / 2 + gap
    differences = np.zeros((len(links) + 1, len(index)))
    for equation, (link, strength) in enumerate(zip(links, _strengths(links, widths), strict=True)):
        differences[equation, [index[place] for place in link]] = strength, -strength
    differences[-1, 0] = 1e-3  # One place is held, because only distances are known.
    found = to_positions @ lsq_linear(differences @ to_positions, np.zeros(len(links) + 1), (bounds, np.inf)).x
    left = min(found[index[place]] - widths[place] / 2 for place in index)
    return {place: float(found[number] - left) for place, number in index.items()}


def _strengths(links: Sequence[tuple[int, int]], widths: Mapping[int, float]) -> list[float]:
    """Return how much the sideways distance of each link counts."""
    below, above = Counter(upper for upper, _ in links), Counter(lower for _, lower in links)
    by_passing = (1.0, 0.05, 2.0)
    return [
        by_passing[(widths[upper] == _PASSING) + (widths[lower] == _PASSING)] / (below[upper] * above[lower])
        for upper, lower in links
    ]
