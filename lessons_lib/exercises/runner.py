"""A learner's function is run here: for a limited time, and so that it leaves nothing behind.

What the function prints is kept apart, and what it displays is not shown. The warning filters, NumPy's error state, the
states of NumPy's and Python's random numbers, the streams and the modules that the function names are afterwards what
they were before.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import random
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any

import numpy as np

LIMIT = 5.0
"""Seconds that one call of a learner's function may take."""
_AGAIN = 0.01


class OutOfTime(BaseException):
    """The time is over. It is no `Exception`, so that few handlers in the learner's code catch it."""


@dataclass(frozen=True)
class Run:
    """What a call gave: its `reply` or the `error` that ended it, and what it `printed`."""

    reply: Any
    error: BaseException | None
    printed: str


def run(function: Callable[..., Any], arguments: Sequence[Any], limit: float | None = None) -> Run:
    """Call `function` with the `arguments` and return what came of it.

    Parameters
    ----------
    function : callable
        The learner's function.
    arguments : sequence
        What it is called with.
    limit : float, optional
        Seconds after which it is stopped; `LIMIT` if it is not given. A single operation in compiled code is stopped
        only when it returns. One that waits in a ``try`` with a bare ``except``, again and again, is never stopped.

    Raises
    ------
    KeyboardInterrupt
        If the reader interrupts the kernel meanwhile. One that the function itself raises is an `error` of the run.

    Examples
    --------
    >>> run(lambda x: 2 * x, (3,)).reply
    6
    >>> def endless():
    ...     while True:
    ...         pass
    >>> type(run(endless, (), limit=0.1).error).__name__
    'OutOfTime'
    """
    printed = io.StringIO()
    reply, error = None, None
    with (
        undisturbed(function),
        _without_displays(),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        alarm = _Alarm(LIMIT if limit is None else limit)
        with _interrupts_to(alarm):
            try:
                try:
                    alarm.start()
                    reply = function(*arguments)
                finally:
                    alarm.stop()
            except BaseException as caught:  # even SystemExit: it would end the notebook's kernel
                error = caught
                alarm.stop()
    if alarm.interrupted:
        raise KeyboardInterrupt
    if alarm.fired:
        error = OutOfTime()
    return Run(reply, error, "" if printed.closed else printed.getvalue())


@contextlib.contextmanager
def undisturbed(function: object = None) -> Iterator[None]:
    """Restore, at the end, all that the module's first lines name."""
    named = [value for value in getattr(function, "__globals__", {}).values() if isinstance(value, ModuleType)]
    modules = {id(module): module for module in [*named, sys, np, np.random, random, warnings]}.values()
    contents = [(module, dict(vars(module))) for module in modules]
    numpy_state, python_state = np.random.get_state(), random.getstate()  # noqa: NPY002  (the learner's own state)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), np.printoptions():
            warnings.simplefilter("ignore")
            yield
    finally:
        for module, content in contents:
            _restore(module, content)
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(python_state)


@contextlib.contextmanager
def _without_displays() -> Iterator[None]:
    """Show none of the figures and displays that a function makes: they would show what it is tried on."""
    from IPython.core.getipython import get_ipython
    from IPython.utils.capture import capture_output

    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    open_before = set(pyplot.get_fignums()) if pyplot else set()
    try:
        with capture_output(stdout=False, stderr=False) if get_ipython() else contextlib.nullcontext():
            yield
    finally:
        pyplot = sys.modules.get("matplotlib.pyplot")
        for number in set(pyplot.get_fignums()) - open_before if pyplot else ():
            pyplot.close(number)


def _restore(module: ModuleType, content: dict[str, Any]) -> None:
    """Give a module back the names that it had; a name that is new may stay, as an import inside a function adds it."""
    for name, value in content.items():
        if vars(module).get(name) is not value:
            setattr(module, name, value)


@contextlib.contextmanager
def _interrupts_to(alarm: _Alarm) -> Iterator[None]:
    """Tell an interrupt by the reader from a `KeyboardInterrupt` that the function raises: only the main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    if not callable(before):  # interrupts are ignored, or handled outside of Python
        yield
        return
    signal.signal(signal.SIGINT, alarm.on_interrupt)
    alarm.wakes = hasattr(signal, "pthread_kill")
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Alarm:
    """After some seconds, raise `OutOfTime` in the thread that made the alarm, again and again until it is stopped.

    Python delivers such an exception between two of its instructions, on every system. Where signals can be sent to a
    thread (Linux and macOS), and if `wakes` is true, a signal also ends a call that sleeps.
    """

    def __init__(self, limit: float) -> None:
        self.limit, self.fired, self.interrupted = limit, False, False
        self.wakes = False
        self._target = threading.get_ident()
        self._over, self._lock = threading.Event(), threading.Lock()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Raise nothing from now on, and take back what was raised and has not arrived."""
        while True:
            try:
                with self._lock:
                    self._over.set()
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._target), None)
                return
            except OutOfTime:  # it arrived in these lines
                continue

    def on_interrupt(self, number: int, frame: FrameType | None) -> None:
        """Handle SIGINT: the alarm's own or the reader's."""
        if self._over.is_set():
            self.interrupted = self.interrupted or not self.fired
            return
        if self.fired:
            raise OutOfTime
        self.interrupted = True
        raise KeyboardInterrupt

    def _watch(self) -> None:
        wait, tries = self.limit, 0
        while not self._over.wait(wait):
            with self._lock:
                if self._over.is_set():
                    return
                self.fired = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._target), ctypes.py_object(OutOfTime))
                if self.wakes and tries:
                    signal.pthread_kill(self._target, signal.SIGINT)
            wait, tries = _AGAIN, tries + 1
