"""A line that says how far a long computation is, and that is empty when the computation is done."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import Any

_SECONDS_BEFORE = 2.0
_SECONDS_BETWEEN = 0.2


class Progress:
    """One line of text such as “Seeds: 2 of 5”, in the notebook or in a terminal.

    The line appears when the computation has taken two seconds. It is emptied at the end, so that a saved notebook
    keeps nothing of it. The environment variable ``LESSONS_LIB_PROGRESS=0`` shows none at all.

    Parameters
    ----------
    description : str
        What is counted.
    total : int
        How many there are.

    Examples
    --------
    >>> with Progress("Seeds", 2) as line:
    ...     for _ in range(2):
    ...         line.advance()
    >>> line.text
    'Seeds: 2 of 2'
    """

    def __init__(self, description: str, total: int) -> None:
        self._description, self._total, self._done = description, total, 0
        self._next = time.monotonic() + _SECONDS_BEFORE
        self._place = _place() if os.environ.get("LESSONS_LIB_PROGRESS") != "0" else None
        self._shown = False

    @property
    def text(self) -> str:
        """What the line says."""
        return f"{self._description}: {self._done} of {self._total}"

    def advance(self) -> None:
        """Count one more."""
        self._done += 1
        if self._place is not None and time.monotonic() >= self._next:
            self._next = time.monotonic() + _SECONDS_BETWEEN
            self._place.show(self.text)
            self._shown = True

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._place is not None and self._shown:
            self._place.show("")


class _Terminal:
    """The current line of a terminal."""

    def show(self, text: str) -> None:
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


class _Notebook:
    """An output of the running cell that is replaced."""

    def __init__(self) -> None:
        from IPython import display

        self._handle: Any = display.DisplayHandle()
        self._there = False

    def show(self, text: str) -> None:
        send = self._handle.update if self._there else self._handle.display
        send({"text/plain": text}, raw=True)
        self._there = True


def _place() -> _Terminal | _Notebook | None:
    """Return where the line can stand: nowhere if the output is a file."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and hasattr(shell, "kernel"):
        return _Notebook()
    return _Terminal() if sys.stderr is not None and sys.stderr.isatty() else None
