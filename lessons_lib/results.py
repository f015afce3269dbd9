"""Results over several seeds: their mean and their spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Repeated:
    """The results of one experiment under several seeds.

    Attributes
    ----------
    values : float64 array, shape (seeds,) or (seeds, …)
        What the experiment returned for each seed.
    seeds : tuple of int, optional
        The seeds in the order of the values, if they are known.

    Examples
    --------
    >>> Repeated(np.array([0.90, 0.91, 0.92]))
    0.910 ± 0.010 (3 seeds)
    """

    values: NDArray[np.float64]
    seeds: tuple[int, ...] | None = None

    @property
    def mean(self) -> Any:
        """The mean over the seeds, a float or an array with the shape of one result."""
        return _float_or_array(self.values.mean(axis=0))

    @property
    def std(self) -> Any:
        """The sample standard deviation over the seeds (the divisor is the number of seeds minus 1)."""
        return _float_or_array(self.values.std(axis=0, ddof=1))

    def __sub__(self, other: Repeated) -> Repeated:
        """Return the difference for each seed; the spread shows how certain the mean difference is.

        Raises
        ------
        TypeError
            If `other` is not a `Repeated`.
        ValueError
            If the results differ in shape, or come from different seeds.
        """
        if not isinstance(other, Repeated):
            return NotImplemented
        if self.values.shape != other.values.shape:
            raise ValueError(
                "results must come from the same seeds and have one shape. "
                f"Received: {self.values.shape} and {other.values.shape}"
            )
        if self.seeds and other.seeds and self.seeds != other.seeds:
            raise ValueError(f"results must come from the same seeds. Received: {self.seeds} and {other.seeds}")
        return Repeated(self.values - other.values, self.seeds or other.seeds)

    def __getitem__(self, index: Any) -> Repeated:
        """Return, for each seed, the part of its result that `index` selects."""
        return Repeated(self.values[(slice(None), *np.index_exp[index])], self.seeds)

    def __repr__(self) -> str:
        pairs = zip(np.ravel(self.mean), np.ravel(self.std), strict=True)
        return ", ".join(f"{mean:z.3f} ± {std:z.3f}" for mean, std in pairs) + f" ({len(self.values)} seeds)"


def _float_or_array(value: Any) -> Any:
    return float(value) if np.ndim(value) == 0 else value
