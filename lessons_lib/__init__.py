"""The companion package of the course *From ANNs to CNNs*.

Importing it is quick and loads no TensorFlow. ``from lessons_lib import keras`` loads Keras on the
TensorFlow backend and keeps TensorFlow's start-up messages out of the notebook.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "keras":
        return _import_keras()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def _import_keras() -> Any:
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    _share_freed_memory()
    with _standard_error_on_null():
        import keras
        import tensorflow as tf

        # The oneDNN line comes with the first operation, not with the import.
        tf.constant(0.0)
    # Training many small networks in a row is what the course does; it needs no warning about retracing.
    tf.get_logger().setLevel("ERROR")
    # What the import has made stays. Looking through it for garbage takes 0.2 s each time, as long as some trainings.
    gc.collect()
    gc.freeze()
    return keras


def _share_freed_memory() -> None:
    """Let all threads share two heaps: with one for each thread, a long chapter takes 0.1 GB more (see mallopt(3))."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(-8, 2)  # M_ARENA_MAX


@contextmanager
def _standard_error_on_null() -> Iterator[None]:
    """Send file descriptor 2 to the null device: TensorFlow's C++ code writes there whatever the log level is."""
    saved = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)
