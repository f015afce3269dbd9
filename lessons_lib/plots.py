"""Figures of images, of curves and bars with their spread, and of dots with their intervals.

Each function draws on new axes and returns them, so that the caller can add to the figure; ``plt.show()`` displays it.
An argument that cannot be drawn is refused before a figure is made. The colours are those of Okabe and Ito (2008),
which can be distinguished with any colour vision. Between two dollar signs of a text stands a formula, as in
Matplotlib; a dollar sign itself is written as a backslash and the sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from numbers import Real
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cbook
from matplotlib.axes import Axes
from matplotlib.mathtext import MathTextParser
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check
from lessons_lib.results import Repeated

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_MARKERS = "osD^vPX"
_LINESTYLES = ("-", "--", "-.")
_MOST_LINES = len(COLORS) * len(_LINESTYLES) * len(_MARKERS)
# Blue below zero, white at zero, vermilion above zero: the colour map for kernels and feature maps.
SIGNED = "RdBu_r"


def images(
    pictures: Iterable[ArrayLike],
    *,
    titles: Iterable[str] | None = None,
    columns: int | None = None,
    cmap: str = "gray",
    limits: tuple[float, float] | None = None,
    numbers: str | None = None,
    size: float = 1.6,
) -> NDArray[Any]:
    """Draw images side by side, each in its own frame and without ticks.

    Parameters
    ----------
    pictures : sequence of arrays, shape (H, W), (H, W, 1) or (H, W, 3)
        Images with one channel, or colour images (red, green, blue) in 0…1.
    titles : sequence of str, optional
        One title for each image, drawn above it.
    columns : int, optional
        Number of images in a row; by default all images are in one row.
    cmap : str
        Matplotlib's colour map for images with one channel; use `SIGNED` for values of both signs.
    limits : (lowest, highest), optional
        The values at the two ends of the colour map. By default they are the extremes of each image. For `SIGNED`
        they are symmetric about 0, so that 0 is white. If all values of an image are equal, they are the smallest
        range that contains 0, 1 and the value. Colour images have no limits.
    numbers : str, optional
        A format such as ".1f": each value is written into its pixel. Only for images with one channel and at
        most 12×12 pixels.
    size : float
        Width of one image, in inches: at least 0.2.

    Returns
    -------
    array of matplotlib.axes.Axes, shape (rows, columns)
        The axes, row by row. Those that stay empty are switched off.

    Raises
    ------
    TypeError
        If `pictures` is not a sequence of arrays of real numbers, `titles` is a string, or a setting has the wrong
        type.
    ValueError
        If there is no image, an image has another shape, holds NaN or infinity, or is a colour image outside 0…1; if
        there are not as many titles as images, or one holds a formula with a mistake; if the lower limit is not below
        the upper one; or if `numbers` does not fit the images or is not a format.

    Examples
    --------
    >>> images([np.eye(3), np.eye(3)], titles=["one", "two"]).shape
    (1, 2)
    """
    arrays = _pictures(pictures)
    headings = _titles(titles, len(arrays))
    n_columns = min(len(arrays), len(arrays) if columns is None else _check.whole_number("columns", columns))
    n_rows = -(-len(arrays) // n_columns)
    colors = plt.get_cmap(cmap)
    symmetric = colors.name == SIGNED
    ranges = [_extremes(array, symmetric=symmetric) if limits is None else _limits(limits) for array in arrays]
    labels = [_labels(array, numbers) if numbers is not None else {} for array in arrays]
    width = _check.number("size", size, at_least=0.2)
    figure, axes = plt.subplots(
        n_rows, n_columns, figsize=(width * n_columns, (width + 0.3 * (titles is not None)) * n_rows), squeeze=False
    )
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[])
    for axis in axes.flat[len(arrays) :]:
        axis.axis("off")
    for axis, array, heading, (low, high), texts in zip(axes.flat, arrays, headings, ranges, labels, strict=False):
        axis.imshow(array.astype(np.float64), cmap=colors, vmin=low, vmax=high)
        axis.set_title(heading, fontsize=9)
        for (row, column), text in texts.items():
            text_color = _text_color(colors((array[row, column] - low) / (high - low)))
            axis.text(column, row, text, color=text_color, ha="center", va="center", fontsize=9)
    figure.tight_layout()
    return axes


def curves(
    x: ArrayLike, lines: Mapping[str, Repeated | ArrayLike], *, xlabel: str, ylabel: str, chance: float | None = None
) -> Axes:
    """Draw one line for each name over shared values of x.

    Results over several seeds are drawn as their mean, with a band of one standard deviation on either side. Each
    line has its own colour and marker; from the eighth line on the line style and the marker change.

    Parameters
    ----------
    x : array, shape (points,)
        The values on the horizontal axis.
    lines : dict of str to Repeated or array, shape (points,)
        The values on the vertical axis, under the name for the legend. NaN and infinity leave a gap in the line.
    xlabel, ylabel : str
        The labels of the axes, with the unit.
    chance : float, optional
        The value that guessing at random gives, drawn as a dotted line.

    Returns
    -------
    matplotlib.axes.Axes
        The axes with the lines, in the order of `lines`.

    Raises
    ------
    TypeError
        If `lines` is not a mapping, or `x`, a line or `chance` does not hold real numbers.
    ValueError
        If there is no line, or more than 147; if a line has not as many points as `x`, or no finite value; if `x` or
        `chance` is not finite; or if a name or a label holds a formula with a mistake.

    Examples
    --------
    >>> curves([0, 1, 2], {"dense": [0.9, 0.5, 0.2]}, xlabel="shift, pixels", ylabel="accuracy").get_xlabel()
    'shift, pixels'
    """
    x = _check.finite("x", x, ndim=1)
    _require_names("lines", lines, of="line")
    if len(lines) > _MOST_LINES:
        raise ValueError(
            f"lines must hold at most {_MOST_LINES} lines, which can be distinguished. Received: {len(lines)}"
        )
    values = {name: _mean_and_spread(f"lines[{name!r}]", line, shape=x.shape) for name, line in lines.items()}
    for name, (mean, _) in values.items():
        if not np.isfinite(mean).any():
            raise ValueError(f"lines[{name!r}] must hold at least one finite number. Received: none")
    chance_level = None if chance is None else _check.number("chance", chance)
    _require_texts(xlabel=xlabel, ylabel=ylabel)
    _, axis = plt.subplots(figsize=(6.4, 3.6))
    for (name, (mean, spread)), (color, linestyle, marker) in zip(values.items(), _styles(), strict=False):
        axis.plot(x, mean, color=color, linestyle=linestyle, marker=marker, label=str(name))
        if spread is not None:
            # A band over a single point has no area: only its edge can be seen.
            edge = 0 if len(x) > 1 else 3
            axis.fill_between(x, mean - spread, mean + spread, color=color, alpha=0.2, linewidth=edge)
    if chance_level is not None:
        axis.axhline(chance_level, color="#666666", linestyle=":", label="chance")
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.grid(alpha=0.3)
    # A long legend would cover the lines, so it is placed beside them. The labels are passed on, because Matplotlib
    # leaves out those that begin with an underscore.
    placement: dict[str, Any] = {}
    if len(lines) > len(COLORS):
        placement = {"loc": "upper left", "bbox_to_anchor": (1, 1), "ncols": -(-len(axis.lines) // 14)}
    axis.legend(axis.lines, [str(line.get_label()) for line in axis.lines], frameon=False, **placement)
    return axis


def bars(results: Mapping[str, Repeated | float], *, xlabel: str, chance: float | None = None) -> Axes:
    """Draw one horizontal bar for each name, with its number beside it.

    Results over several seeds are drawn as their mean, with a whisker of one standard deviation on either side.

    Parameters
    ----------
    results : dict of str to Repeated or float
        One number, or one number for each seed, under the name of the bar.
    xlabel : str
        The label of the horizontal axis, with the unit.
    chance : float, optional
        The value that guessing at random gives, drawn as a dotted line.

    Returns
    -------
    matplotlib.axes.Axes
        The axes with the bars, the first one at the top.

    Raises
    ------
    TypeError
        If `results` is not a mapping, or a result or `chance` is not a real number.
    ValueError
        If there is no result, a result is not a single number for each seed, a number is NaN or infinite, or a name or
        the label holds a formula with a mistake.

    Examples
    --------
    >>> bars({"dense": 0.9, "CNN": 0.93}, xlabel="accuracy").get_xlabel()
    'accuracy'
    """
    _require_names("results", results, of="bar")
    values = [_mean_and_spread(f"results[{name!r}]", result, shape=()) for name, result in results.items()]
    for name, (mean, _) in zip(results, values, strict=True):
        if not np.isfinite(mean):
            raise ValueError(f"results[{name!r}] must be finite. Received: {mean}")
    chance_level = None if chance is None else _check.number("chance", chance)
    _require_texts(xlabel=xlabel)
    _, axis = plt.subplots(figsize=(6.4, 0.5 + 0.45 * len(results)))
    for position, (mean, spread) in enumerate(values):
        axis.barh(position, mean, xerr=spread or None, color=COLORS[0], height=0.6, error_kw={"capsize": 3})
        side = -1 if mean < 0 else 1
        axis.annotate(
            f"{mean:z.3f}",
            (mean + side * (spread or 0), position),
            (5 * side, 0),
            textcoords="offset points",
            va="center",
            ha="right" if mean < 0 else "left",
        )
    if chance_level is not None:
        axis.axvline(chance_level, color="#666666", linestyle=":", label="chance")
        axis.legend(frameon=False, loc="lower right")
    axis.set_yticks(range(len(results)), [str(name) for name in results])
    axis.invert_yaxis()
    axis.margins(x=0.15)
    axis.set_xlabel(xlabel)
    axis.spines[["top", "right"]].set_visible(False)
    return axis


def dots(rows: Mapping[str, Mapping[str, Repeated]], *, xlabel: str, chance: float | None = None) -> Axes:
    """Draw one row for each condition, with a dot for each name and the 95 % interval of its mean as a line.

    A name has the same colour and marker in all rows. The dots of a row stand a little below each other, so that their
    intervals do not cover each other. The name of a row stands above its dots, so that the figure is narrow and its
    letters are still large where a phone makes it smaller.

    Parameters
    ----------
    rows : dict of str to dict of str to Repeated
        For each condition the results under the names for the legend, each with one number for each seed. The names
        need not be the same in all rows; there are at most seven.
    xlabel : str
        The label of the horizontal axis, with the unit.
    chance : float, optional
        The value that guessing at random gives, drawn as a dotted line.

    Returns
    -------
    matplotlib.axes.Axes
        The axes with the dots, the first row at the top.

    Raises
    ------
    TypeError
        If `rows` or one of them is not a mapping, a result is not a `Repeated`, or `chance` is not a real number.
    ValueError
        If there is no row, a row is empty, there are more than seven names, a result has fewer than two seeds, is not
        one number for each seed, or is not finite, or a name or the label holds a formula with a mistake.

    Examples
    --------
    >>> result = Repeated(np.array([0.90, 0.91, 0.92]))
    >>> dots({"shifted": {"dense": result}, "turned": {"dense": result}}, xlabel="accuracy").get_xlabel()
    'accuracy'
    """
    _require_names("rows", rows, of="row")
    for row, results in rows.items():
        _require_names(f"rows[{row!r}]", results, of="result")
        for name, result in results.items():
            _require_seeds(f"rows[{row!r}][{name!r}]", result)
    names = list(dict.fromkeys(name for results in rows.values() for name in results))
    if len(names) > len(COLORS):
        raise ValueError(f"rows must have at most {len(COLORS)} names. Received: {len(names)}")
    chance_level = None if chance is None else _check.number("chance", chance)
    _require_texts(xlabel=xlabel)
    _, axis = plt.subplots(figsize=(4.4, 1.1 + 0.5 * len(rows)))
    drawn: list[Any] = []
    for index, name in enumerate(names):
        places = [place for place, results in enumerate(rows.values()) if name in results]
        means, errors = zip(*(_mean_and_errors(list(rows.values())[place][name]) for place in places), strict=True)
        heights = np.array(places) + 0.2 + 0.2 * (index - (len(names) - 1) / 2) / max(1, (len(names) - 1) / 2)
        style: dict[str, Any] = {
            "fmt": _MARKERS[index],
            "color": COLORS[index],
            "markersize": 5,
            "capsize": 2,
            "linewidth": 1.2,
        }
        drawn.append(axis.errorbar(means, heights, xerr=np.transpose(errors), label=str(name), **style))
    if chance_level is not None:
        drawn.append(axis.axvline(chance_level, color="#666666", linestyle=":", label="chance"))
    for place in range(0, len(rows), 2):  # Every other row is grey, so that the eye finds its dots.
        axis.axhspan(place - 0.5, place + 0.5, color="#666666", alpha=0.08, linewidth=0)
    axis.set_yticks(np.arange(len(rows)) - 0.32, [str(row) for row in rows], ha="left")
    axis.tick_params(axis="y", length=0, pad=-4)
    axis.set_ylim(len(rows) - 0.5, -0.5)
    axis.set_xlabel(xlabel)
    axis.grid(axis="x", alpha=0.3)
    axis.spines[["top", "right"]].set_visible(False)
    columns = len(drawn) if len(drawn) < 4 else min(3, -(-len(drawn) // 2))
    axis.legend(handles=drawn, frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=columns)
    return axis


def _pictures(pictures: Iterable[ArrayLike]) -> list[NDArray[Any]]:
    """Return the images with the shape (H, W), or (H, W, 3) for colour images."""
    if isinstance(pictures, str | Mapping) or not np.iterable(pictures):
        raise TypeError(f"pictures must be a sequence of images. Received: {type(pictures).__name__}")
    arrays = [_picture(f"pictures[{index}]", picture) for index, picture in enumerate(pictures)]
    if not arrays:
        raise ValueError("pictures must hold at least one image. Received: none")
    return arrays


def _picture(name: str, picture: ArrayLike) -> NDArray[Any]:
    array = _check.finite(name, picture, ndim=(2, 3))
    if array.ndim == 2 or array.shape[2] == 1:
        return array.reshape(array.shape[:2])
    if array.shape[2] != 3:
        raise ValueError(f"{name} must have the shape (H, W), (H, W, 1) or (H, W, 3). Received: shape={array.shape}")
    low, high = float(array.min()), float(array.max())
    # Rounding can move a mean of white pixels a little above 1.
    if low < -1e-6 or high > 1 + 1e-6:
        raise ValueError(f"{name} is a colour image and must lie in 0…1. Received: numbers from {low:g} to {high:g}")
    return np.clip(array.astype(np.float64), 0, 1)


def _titles(titles: Iterable[str] | None, count: int) -> list[str]:
    """Return one title for each of `count` images; without titles, they are empty."""
    if titles is None:
        return [""] * count
    if isinstance(titles, str) or not np.iterable(titles):
        raise TypeError(f"titles must be a sequence of strings, one for each image. Received: titles={titles!r}")
    headings = [str(title) for title in titles]
    if len(headings) != count:
        raise ValueError(f"titles must hold one title for each image. Received: {len(headings)} titles, {count} images")
    _require_texts(**{f"titles[{index}]": heading for index, heading in enumerate(headings)})
    return headings


def _limits(limits: tuple[float, float]) -> tuple[float, float]:
    ends = _check.finite("limits", limits, ndim=1)
    if ends.shape != (2,) or ends[0] >= ends[1]:
        raise ValueError(f"limits must be (lowest, highest), the lowest below the highest. Received: limits={limits}")
    return float(ends[0]), float(ends[1])


def _extremes(array: NDArray[Any], *, symmetric: bool) -> tuple[float, float]:
    """Return the values at the two ends of the colour map, for an image without given limits."""
    low, high = float(array.min()), float(array.max())
    if symmetric:
        largest = max(abs(low), abs(high)) or 1.0
        return -largest, largest
    return (low, high) if low < high else (min(low, 0.0), max(high, 1.0))


def _labels(array: NDArray[Any], spec: str) -> dict[tuple[int, ...], str]:
    """Return the text for each pixel, under (row, column)."""
    if max(array.shape[:2]) > 12 or array.ndim != 2:
        raise ValueError(
            f"numbers must be used with images of at most 12×12 pixels and one channel. Received: shape={array.shape}"
        )
    try:
        texts = {place: _format(value.item(), spec) for place, value in np.ndenumerate(array)}
    except (ValueError, TypeError):
        raise ValueError(f'numbers must be a format for numbers such as ".1f". Received: numbers={spec!r}') from None
    for text in set(texts.values()):
        _require_texts(numbers=text)
    return texts


def _format(value: float, spec: str) -> str:
    """Format a number; a zero has no sign."""
    text, zero = format(value, spec), type(value)(0)
    return format(zero, spec) if text == format(-zero, spec) else text


def _text_color(background: tuple[float, float, float, float]) -> str:
    """Return the colour of text on a background: black on a light colour, white on a dark one."""
    red, green, blue, _ = background
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"


def _require_names(name: str, values: Mapping[str, Any], *, of: str) -> None:
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} must be a dict of names and values. Received: {type(values).__name__}")
    if not values:
        raise ValueError(f"{name} must hold at least one {of}. Received: none")
    for key in values:
        _require_texts(**{f"a name in {name}": key})


def _require_texts(**texts: Any) -> None:
    """Raise ValueError if Matplotlib cannot draw one of the texts because of a formula in it."""
    for name, text in texts.items():
        if not cbook.is_math_text(str(text)):
            continue
        try:
            MathTextParser("path").parse(str(text))
        except ValueError:
            raise ValueError(
                f"{name} must hold a formula between its dollar signs, or a backslash before each. Received: {text!r}"
            ) from None


def _mean_and_spread(name: str, result: Repeated | ArrayLike, *, shape: tuple[int, ...]) -> tuple[Any, Any]:
    """Return the mean and the standard deviation over the seeds; without several seeds the deviation is None."""
    values = _numbers(name, result.values if isinstance(result, Repeated) else result)
    found = values.shape[1:] if isinstance(result, Repeated) else values.shape
    if found != shape:
        rule = f"as many points as x, {shape[0]}" if shape else "a single number, or one for each seed"
        raise ValueError(f"{name} must have {rule}. Received: shape={found}")
    if not isinstance(result, Repeated):
        return values.astype(np.float64), None
    with np.errstate(invalid="ignore"):  # NaN and infinity leave a gap.
        return result.mean, result.std if len(values) > 1 else None


def _require_seeds(name: str, result: Any) -> None:
    """Raise unless a result has one finite number for each of several seeds."""
    if not isinstance(result, Repeated):
        raise TypeError(f"{name} must be a Repeated. Received: {type(result).__name__}")
    if result.values.ndim != 1 or len(result.values) < 2 or not np.isfinite(result.values).all():
        rule = "must have one finite number for each of at least two seeds"
        raise ValueError(f"{name} {rule}. Received: {result.values}")


def _mean_and_errors(result: Repeated) -> tuple[float, tuple[float, float]]:
    """Return the mean and how far its interval reaches to the left and to the right."""
    low, high = result.interval
    return result.mean, (result.mean - low, high - result.mean)


def _numbers(name: str, values: ArrayLike) -> NDArray[Any]:
    """Return values as an array of real numbers, which may be NaN or infinite."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise TypeError(f"{name} must hold real numbers. Received: rows of different lengths") from None
    if array.dtype == object and all(isinstance(value, Real) for value in array.flat):
        array = array.astype(np.float64)  # for example whole numbers that are too large for int64
    if not (np.issubdtype(array.dtype, np.number) or array.dtype == bool) or np.iscomplexobj(array):
        raise TypeError(f"{name} must hold real numbers. Received: dtype={array.dtype}")
    return array


def _styles() -> Iterator[tuple[str, str, str]]:
    """Iterate over colours, line styles and markers; no combination occurs twice."""
    for turn in range(len(_MARKERS)):
        for linestyle in _LINESTYLES:
            for index, color in enumerate(COLORS):
                yield color, linestyle, _MARKERS[(index + turn) % len(_MARKERS)]
