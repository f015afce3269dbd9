"""Results over several seeds: their mean, their spread, the interval of the mean, and comparisons with a margin."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from lessons_lib import _check

RELATIONS = ("more than", "less than", "within ±")


class Interval(NamedTuple):
    """An interval from `low` to `high`; both may be arrays of one shape.

    Examples
    --------
    >>> print(Interval(0.91, 0.93))
    0.910…0.930
    """

    low: Any
    high: Any

    def __str__(self) -> str:
        pairs = zip(np.ravel(self.low), np.ravel(self.high), strict=True)
        return ", ".join(f"{low:z.3f}…{high:z.3f}" for low, high in pairs)


@dataclass(frozen=True, eq=False)
class Repeated:
    """The results of one experiment under several seeds.

    Results can be subtracted seed by seed. A difference is compared with a margin by ``>``, ``<`` or `within`; each
    gives a `Comparison`, which says whether the data decide.

    Attributes
    ----------
    values : float64 array, shape (seeds,) or (seeds, …)
        What the experiment returned for each seed.
    seeds : tuple of int, optional
        The seeds in the order of the values, if they are known.

    Raises
    ------
    TypeError, ValueError
        If the values are not real numbers, there are none, they are not one for each seed, or a seed occurs twice. NaN
        is a result: that of a training which diverged.

    Examples
    --------
    >>> Repeated(np.array([0.90, 0.91, 0.92]))
    0.910 ± 0.010 (3 seeds)
    """

    values: NDArray[np.float64]
    seeds: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        try:
            values = np.asarray(self.values)
        except ValueError:
            raise TypeError("values must have one shape for all seeds. Received: several shapes") from None
        if values.dtype.kind not in "biuf":
            raise TypeError(f"values must be real numbers. Received: dtype={values.dtype}")
        if values.ndim == 0 or not values.size:
            raise ValueError(f"values must be one for each seed, and not empty. Received: values={self.values!r}")
        object.__setattr__(self, "values", values.astype(np.float64))
        if self.seeds is not None:
            object.__setattr__(self, "seeds", _seeds(self.seeds, len(values)))

    @property
    def mean(self) -> Any:
        """The mean over the seeds, a float or an array with the shape of one result."""
        with np.errstate(invalid="ignore"):  # an infinite loss is a result too
            return _float_or_array(self.values.mean(axis=0))

    @property
    def std(self) -> Any:
        """The sample standard deviation over the seeds (the divisor is their number minus 1), NaN for one seed."""
        if len(self.values) < 2:
            return _float_or_array(np.full(self.values.shape[1:], np.nan))
        with np.errstate(invalid="ignore"):
            return _float_or_array(self.values.std(axis=0, ddof=1))

    @property
    def interval(self) -> Interval:
        """The 95 % confidence interval of the mean, by Student's t distribution.

        It assumes that the results of the seeds are independent and roughly normal.

        References
        ----------
        Student (1908), doi:10.1093/biomet/6.1.1.

        Examples
        --------
        >>> print(Repeated(np.array([0.90, 0.91, 0.92, 0.91, 0.91])).interval)
        0.901…0.919
        """
        from scipy.special import stdtrit

        seeds = len(self.values)
        half = stdtrit(seeds - 1, 0.975) * np.asarray(self.std) / np.sqrt(seeds)
        return Interval(_float_or_array(self.mean - half), _float_or_array(self.mean + half))

    def __iter__(self) -> NoReturn:
        """Raise TypeError: it would not be clear whether the seeds or the parts of a result are meant."""
        raise TypeError(
            "results must be read through .values for one after another, or through [index] for a part of each. "
            f"Received: an iteration over {self!r}"
        )

    def __gt__(self, margin: float) -> Comparison:
        """Compare the mean with a margin that it should exceed."""
        return Comparison(self, "more than", margin)

    def __lt__(self, margin: float) -> Comparison:
        """Compare the mean with a margin that it should stay below."""
        return Comparison(self, "less than", margin)

    def within(self, band: float) -> Comparison:
        """Compare the mean, of a difference, with 0: it should differ by less than `band` in both directions.

        Examples
        --------
        >>> print(Repeated(np.array([0.004, -0.002, 0.001, 0.0, 0.002])).within(0.01))
        0.001 (-0.002…0.004), within ±0.01
        """
        return Comparison(self, "within ±", band)

    def __sub__(self, other: Repeated) -> Repeated:
        """Return the difference for each seed; its interval shows how certain the mean difference is.

        Raises
        ------
        TypeError
            If `other` is not a `Repeated`.
        ValueError
            If the results differ in shape, or come from different seeds.
        """
        if not isinstance(other, Repeated):
            return NotImplemented
        seeds = _common_seeds(self, other)
        return Repeated(self.values - other.values, seeds)

    def __getitem__(self, index: Any) -> Repeated:
        """Return, for each seed, the part of its result that `index` selects.

        Raises
        ------
        IndexError
            If the result of one seed has no such part.
        """
        try:
            return Repeated(self.values[(slice(None), *np.index_exp[index])], self.seeds)
        except IndexError:
            raise IndexError(
                f"index must select a part of one seed's result, {self._of_one}. Received: {index=!r}"
            ) from None

    @property
    def _of_one(self) -> str:
        shape = self.values.shape[1:]
        return f"which has the shape {shape}" if shape else "which is one number and has no parts"

    def __repr__(self) -> str:
        pairs = zip(np.ravel(self.mean), np.ravel(self.std), strict=True)
        return ", ".join(f"{mean:z.3f} ± {std:z.3f}" for mean, std in pairs) + f" ({len(self.values)} seeds)"


@dataclass(frozen=True)
class Comparison:
    """Whether the mean over the seeds lies on the stated side of a margin.

    It is true in a condition (``if``, ``and``, ``assert``) only when `outcome` is True.

    Attributes
    ----------
    result : Repeated
        One number for each seed, for instance a difference of two accuracies.
    relation : {"more than", "less than", "within ±"}
        The side of the margin on which the mean should lie.
    margin : float
        The margin, in the unit of the result.

    Raises
    ------
    TypeError, ValueError
        If the margin is not a finite number, a band is not above 0, or a result is not one number for each seed.

    Examples
    --------
    >>> ahead = Repeated(np.array([0.05, 0.06, 0.04, 0.05, 0.05])) > 0.02
    >>> print(ahead, ahead.outcome)
    0.050 (0.041…0.059), more than 0.02 True
    """

    result: Repeated
    relation: str
    margin: float

    def __post_init__(self) -> None:
        if not isinstance(self.result, Repeated):
            raise TypeError(f"result must be a Repeated. Received: {type(self.result).__name__}")
        _check.choice("relation", self.relation, RELATIONS)
        margin = _check.number("margin", self.margin)
        # A number of Python's own, which JSON can hold.
        object.__setattr__(self, "margin", int(self.margin) if isinstance(self.margin, Integral) else margin)
        if self.relation == "within ±" and self.margin <= 0:
            raise ValueError(f"a band must be above 0. Received: {self.margin}")
        if self.result.values.ndim != 1:
            shape = self.result.values.shape[1:]
            raise ValueError(f"a comparison needs one number for each seed. Received: results of the shape {shape}")

    @property
    def _bounds(self) -> Interval:
        """The values that the relation allows."""
        return {
            "more than": Interval(self.margin, np.inf),
            "less than": Interval(-np.inf, self.margin),
            "within ±": Interval(-self.margin, self.margin),
        }[self.relation]

    @property
    def outcome(self) -> bool | None:
        """True if the 95 % interval of the mean lies within what is stated, False if wholly outside, else None."""
        (low, high), (least, most) = self.result.interval, self._bounds
        if least < low and high < most:
            return True
        return False if high < least or most < low else None

    @property
    def distance(self) -> float:
        """How far the nearest end of the interval is from the margin; another outcome is at least as far away."""
        (low, high), bounds = self.result.interval, self._bounds
        return float(min(abs(end - bound) for end in (low, high) for bound in bounds if np.isfinite(bound)))

    def __bool__(self) -> bool:
        return self.outcome is True

    def __str__(self) -> str:
        space = "" if self.relation.endswith("±") else " "
        return f"{self.result.mean:z.3f} ({self.result.interval}), {self.relation}{space}{self.margin:g}"


def error_ratio(accuracy: Repeated, other: Repeated) -> Repeated:
    """Return, for each seed, the errors of one network as a share of the errors of another.

    Parameters
    ----------
    accuracy, other : Repeated
        Accuracies in 0…1 for the same seeds.

    Returns
    -------
    Repeated
        (1 − `accuracy`) / (1 − `other`): 0.5 means that the first network makes half as many errors.

    Raises
    ------
    TypeError, ValueError
        If the results are no `Repeated`, differ in shape or in their seeds, are not within 0…1, or `other` makes no
        errors.

    Examples
    --------
    >>> error_ratio(Repeated(np.array([0.95, 0.96])), Repeated(np.array([0.90, 0.92])))
    0.500 ± 0.000 (2 seeds)
    """
    seeds = _common_seeds(accuracy, other)
    for result in (accuracy, other):
        if not (result.values.min() >= 0 and result.values.max() <= 1):  # NaN is neither
            raise ValueError(f"accuracies must be within 0…1. Received: {result}")
    if other.values.max() == 1:
        raise ValueError(f"the other network must make errors under each seed. Received: {other}")
    return Repeated((1 - accuracy.values) / (1 - other.values), seeds)


def _seeds(seeds: Any, count: int) -> tuple[int, ...]:
    """Return the seeds of `count` values as a tuple of different whole numbers."""
    given = _check.sequence("seeds", seeds, of="whole numbers, one for each value")
    numbers = tuple(_check.whole_number("seeds", seed, at_least=0) for seed in given)
    if len(numbers) != count:
        raise ValueError(f"values must be one for each seed. Received: {count} for {len(numbers)} seeds")
    if len(set(numbers)) < count:
        raise ValueError(f"seeds must differ. Received: {numbers}")
    return numbers


def _common_seeds(one: Repeated, other: Repeated) -> tuple[int, ...] | None:
    """Return the seeds of two results; raise if they cannot be paired."""
    for result in (one, other):
        if not isinstance(result, Repeated):
            raise TypeError(f"results must be those of training.repeat. Received: {type(result).__name__}")
    if one.values.shape != other.values.shape:
        raise ValueError(
            f"results must come from the same seeds and have one shape. Received: {one.values.shape} and "
            f"{other.values.shape}"
        )
    if one.seeds and other.seeds and one.seeds != other.seeds:
        raise ValueError(f"results must come from the same seeds. Received: {one.seeds} and {other.seeds}")
    return one.seeds or other.seeds


def _float_or_array(value: Any) -> Any:
    return float(value) if np.ndim(value) == 0 else value
