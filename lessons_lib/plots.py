"""Figures that several chapters share: rows of images, curves with their spread, bars with their spread.

Each function draws on new axes and returns them, so that a chapter can add to its figure; ``plt.show()``
ends the cell. Colours are those of Okabe and Ito (2008), distinguishable with any colour vision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check
from lessons_lib.results import Repeated

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_MARKERS = "osD^vPX"
# Blue below zero, white at zero, vermilion above: for kernels and feature maps.
SIGNED = "RdBu_r"


def images(
    pictures: Sequence[ArrayLike] | NDArray[Any],
    *,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    cmap: str = "gray",
    limits: tuple[float, float] | None = None,
    numbers: str | None = None,
    size: float = 1.6,
) -> NDArray[Any]:
    """Draw images side by side, each in a frame of its own, without axes.

    Parameters
    ----------
    pictures : sequence of arrays, shape (H, W), (H, W, 1) or (H, W, 3)
        Colour images in 0…1.
    titles : sequence of str, optional
        A line above each image.
    columns : int, optional
        Images in a row; all of them by default.
    cmap : str
        Matplotlib's colour map for images with one channel; `SIGNED` for values of both signs.
    limits : (lowest, highest), optional
        What black and white stand for; by default each image's own extremes, symmetric for `SIGNED`.
    numbers : str, optional
        A format such as ".1f": writes each value into its pixel. For images of at most 12 pixels a side.
    size : float
        Width of one image, in inches.

    Returns
    -------
    array of matplotlib.axes.Axes, shape (rows, columns)

    Raises
    ------
    TypeError, ValueError
        If there is no image, one has another rank or holds NaN, or titles and images differ in number.

    Examples
    --------
    >>> images([np.eye(3), np.eye(3)], titles=["one", "two"]).shape
    (1, 2)
    """
    arrays = [np.squeeze(_check.finite("pictures", picture, ndim=(2, 3))) for picture in pictures]
    if not arrays:
        raise ValueError("pictures must hold at least one image. Received: none")
    if titles is not None and len(titles) != len(arrays):
        raise ValueError(f"titles must be as many as pictures. Received: {len(titles)} and {len(arrays)}")
    across = min(len(arrays), _check.whole_number("columns", columns or len(arrays)))
    down = -(-len(arrays) // across)
    figure, axes = plt.subplots(
        down, across, figsize=(size * across, (size + 0.3 * (titles is not None)) * down), squeeze=False
    )
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[])
    for axis in axes.flat[len(arrays) :]:
        axis.axis("off")
    for index, (axis, array) in enumerate(zip(axes.flat, arrays, strict=False)):
        low, high = limits or _extremes(array, cmap)
        axis.imshow(np.atleast_2d(array), cmap=cmap, vmin=low, vmax=high)
        axis.set_title(titles[index] if titles else "", fontsize=9)
        if numbers is not None:
            _write_numbers(axis, np.atleast_2d(array), numbers, (low, high), cmap)
    figure.tight_layout()
    return axes


def curves(
    x: ArrayLike, lines: Mapping[str, Repeated | ArrayLike], *, xlabel: str, ylabel: str, chance: float | None = None
) -> Axes:
    """Draw one line a name over shared values of x; results over seeds get a band of one standard deviation.

    Parameters
    ----------
    x : array, shape (points,)
    lines : dict of str to Repeated or array, shape (points,)
    xlabel, ylabel : str
        With the unit.
    chance : float, optional
        Where guessing lies: a dotted line.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If a line has not as many points as `x`.

    Examples
    --------
    >>> curves([0, 1, 2], {"dense": [0.9, 0.5, 0.2]}, xlabel="shift, pixels", ylabel="accuracy").get_xlabel()
    'shift, pixels'
    """
    x = _check.finite("x", x, ndim=1)
    _, axis = plt.subplots(figsize=(6.4, 3.6))
    for (name, line), color, marker in zip(lines.items(), COLORS, _MARKERS, strict=False):
        mean = np.asarray(line.mean if isinstance(line, Repeated) else line)
        if mean.shape != x.shape:
            raise ValueError(f"{name!r} must have as many points as x, {len(x)}. Received: shape={mean.shape}")
        axis.plot(x, mean, color=color, marker=marker, label=name)
        if isinstance(line, Repeated):
            axis.fill_between(x, mean - line.std, mean + line.std, color=color, alpha=0.2, linewidth=0)
    if chance is not None:
        axis.axhline(chance, color="#666666", linestyle=":", label="chance")
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.grid(alpha=0.3)
    axis.legend(frameon=False)
    return axis


def bars(results: Mapping[str, Repeated | float], *, xlabel: str, chance: float | None = None) -> Axes:
    """Draw one horizontal bar a name with its number; results over seeds get a whisker of one standard deviation.

    Parameters
    ----------
    results : dict of str to Repeated or float
    xlabel : str
        With the unit.
    chance : float, optional
        Where guessing lies: a dotted line.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there is nothing to draw.

    Examples
    --------
    >>> bars({"dense": 0.9, "CNN": 0.93}, xlabel="accuracy").get_xlabel()
    'accuracy'
    """
    if not results:
        raise ValueError("results must hold at least one bar. Received: none")
    _, axis = plt.subplots(figsize=(6.4, 0.5 + 0.45 * len(results)))
    for place, result in enumerate(results.values()):
        mean, spread = (result.mean, result.std) if isinstance(result, Repeated) else (float(result), 0.0)
        axis.barh(place, mean, xerr=spread or None, color=COLORS[0], height=0.6, error_kw={"capsize": 3})
        axis.annotate(f"{mean:.3f}", (mean + spread, place), (5, 0), textcoords="offset points", va="center")
    if chance is not None:
        axis.axvline(chance, color="#666666", linestyle=":", label="chance")
        axis.legend(frameon=False, loc="lower right")
    axis.set_yticks(range(len(results)), list(results))
    axis.invert_yaxis()
    axis.margins(x=0.15)
    axis.set_xlabel(xlabel)
    axis.spines[["top", "right"]].set_visible(False)
    return axis


def _extremes(array: NDArray[Any], cmap: str) -> tuple[float, float]:
    if array.ndim == 3:
        return 0.0, 1.0
    low, high = float(array.min()), float(array.max())
    if cmap == SIGNED:
        low, high = -max(abs(low), abs(high)), max(abs(low), abs(high))
    return (low, high) if high > low else (low, low + 1)


def _write_numbers(axis: Axes, array: NDArray[Any], spec: str, limits: tuple[float, float], cmap: str) -> None:
    if max(array.shape[:2]) > 12 or array.ndim != 2:
        raise ValueError(f"numbers fit images of at most 12 pixels a side and one channel. Received: {array.shape}")
    low, high = limits
    for (row, column), value in np.ndenumerate(array):
        red, green, blue, _ = plt.get_cmap(cmap)((value - low) / (high - low))
        ink = "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"
        axis.text(column, row, format(value, spec), color=ink, ha="center", va="center", fontsize=9)
