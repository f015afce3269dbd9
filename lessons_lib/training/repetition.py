"""An experiment that is repeated with several seeds."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check, _interrupts, _universe
from lessons_lib._progress import Progress
from lessons_lib.results import Repeated


def repeat(experiment: Callable[[int], ArrayLike], *, seeds: int | Iterable[int] = 5) -> Repeated:
    """Run an experiment once for each seed, and return all results.

    After each run, freed memory is returned to the operating system.

    Parameters
    ----------
    experiment : callable
        A function that takes a seed and returns a number or an array of numbers, which has the same shape for all
        seeds.
    seeds : int or iterable of int
        The seeds; a number n stands for the seeds 0 … n − 1. Two are needed at least, because one has no spread.

    Returns
    -------
    Repeated
        The results with their mean and their standard deviation.

    Raises
    ------
    TypeError, ValueError
        If `experiment` is no function, there are fewer than two seeds, one occurs twice, or the results differ in
        shape or are not finite.
    Exception
        Any exception of the experiment; a note is added to it that holds the results of the earlier seeds.

    Examples
    --------
    >>> repeat(lambda seed: [seed, 10 * seed], seeds=3)
    1.000 ± 1.000, 10.000 ± 10.000 (3 seeds)
    """
    _check.function("experiment", experiment)
    chosen = _seeds(seeds)
    results: dict[int, NDArray[np.float64]] = {}
    with Progress("Seeds", len(chosen)) as line, _existing_objects_kept():
        for seed in chosen:
            try:
                results[seed] = _check.finite("results", experiment(seed), ndim=tuple(range(7))).astype(np.float64)
            except BaseException as error:
                done = {number: result.tolist() for number, result in results.items()}
                error.add_note(f"This was seed {seed} of {list(chosen)}. The results of the seeds before: {done}")
                raise
            _return_memory()
            line.advance()
    if len({result.shape for result in results.values()}) > 1:
        raise ValueError(f"results must have one shape. Received: {[result.shape for result in results.values()]}")
    return Repeated(np.stack(list(results.values())), tuple(chosen))


def _seeds(seeds: int | Iterable[int]) -> list[int]:
    if isinstance(seeds, bool) or not isinstance(seeds, (Integral, Iterable)):
        raise TypeError(f"seeds must be a whole number or several of them. Received: seeds={seeds!r}")
    chosen: Iterable[int] = range(int(seeds)) if isinstance(seeds, Integral) else seeds
    numbers = [_check.whole_number("seeds", seed, at_least=0) for seed in chosen]
    if len(numbers) < 2:
        raise ValueError(f"seeds must be at least two, or there is no spread. Received: {len(numbers)}")
    if len(set(numbers)) < len(numbers):
        raise ValueError(f"seeds must differ. Received: {numbers}")
    return [seed + _universe.current().seeds for seed in numbers]


@contextmanager
def _existing_objects_kept() -> Iterator[None]:
    """Exclude the objects that exist now from garbage collection: searching them takes 0.2 s each time."""
    if gc.get_freeze_count():
        yield
        return
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _return_memory() -> None:
    """Return freed memory to the operating system; on Linux the C library does not do so by itself."""
    with _interrupts.delayed():  # one that occurs within a `__del__` would be lost
        gc.collect()
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
