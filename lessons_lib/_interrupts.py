"""Interrupts of the reader, by Ctrl-C or by a notebook's stop button, at moments that are not safe for them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def delayed() -> Iterator[None]:
    """Let an interrupt take effect after the block.

    Within it, TensorFlow may turn the interrupt into another error, Keras may lose it, or half of the work may be done.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    caught: list[Any] = []
    signal.signal(signal.SIGINT, lambda *arguments: caught.append(arguments))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if caught:
            before(*caught[0])
