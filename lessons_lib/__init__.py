"""The companion package of the course *From ANNs to CNNs*.

Importing it is quick and loads no TensorFlow. ``from lessons_lib import keras`` loads Keras on the
TensorFlow backend and keeps TensorFlow's start-up messages out of the notebook.
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "keras":
        return _import_keras()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def _import_keras() -> Any:
    _choose_backend()
    _check_processor()
    _share_freed_memory()
    with _messages_held_back():
        import keras
        import tensorflow as tf

        # TensorFlow prints its message about oneDNN with the first operation, not with the import.
        tf.constant(0.0)
    if keras.backend.backend() != "tensorflow":
        raise ImportError(
            "Keras must run on TensorFlow here, and it was imported with another backend before lessons_lib. "
            f"Received: {keras.backend.backend()}. Restart Python, and import lessons_lib first."
        )
    # A program that trains many small networks in a row needs no warning that TensorFlow compiles each of them.
    tf.get_logger().setLevel("ERROR")
    return keras


def _choose_backend() -> None:
    """Choose TensorFlow as Keras's backend; raise if the environment variable names another backend."""
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if backend != "tensorflow":
        raise ImportError(
            "the environment variable KERAS_BACKEND must be tensorflow or unset: the course trains with Keras on "
            f"TensorFlow. Received: KERAS_BACKEND={backend}. Unset it in the shell (unset KERAS_BACKEND; in PowerShell "
            'Remove-Item Env:KERAS_BACKEND), or in the notebook (import os; os.environ.pop("KERAS_BACKEND")), and '
            "start Python again."
        )
    os.environ["KERAS_BACKEND"] = backend


def _check_processor() -> None:
    """Raise if the processor lacks AVX: TensorFlow would end the process, and with it the notebook's kernel."""
    if not _has_avx():
        raise ImportError(
            "TensorFlow's package for this kind of machine needs a processor with AVX instructions. "
            "Received: a processor without them. Open the course in Binder, or on a machine built after 2013."
        )


def _has_avx() -> bool:
    """Return False only if this is an x86-64 processor that is known to lack AVX; other processors need none."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return True
    if sys.platform == "win32":
        return bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(39))  # PF_AVX_INSTRUCTIONS_AVAILABLE
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return True
    flags = next((line.split() for line in lines if line.startswith("flags")), ["avx"])
    return "avx" in flags


def _share_freed_memory() -> None:
    """Let all threads share two heaps: with one heap for each thread, a long notebook takes 0.1 GB more."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(-8, 2)  # M_ARENA_MAX, see mallopt(3)


@contextmanager
def _messages_held_back() -> Iterator[None]:
    """Hold back what is written to file descriptor 2, and show it only if the block raises.

    TensorFlow's C++ code writes there whatever the log level is. If that code ends the process, `faulthandler`
    writes the place to the real standard error. A process without a standard error (pythonw.exe) writes nothing.
    """
    try:
        standard_error = os.dup(2)
    except OSError:
        yield
        return
    starts_faulthandler = not faulthandler.is_enabled()
    try:
        with tempfile.TemporaryFile() as messages:
            os.dup2(messages.fileno(), 2)
            if starts_faulthandler:
                faulthandler.enable(standard_error)
            try:
                yield
            except BaseException:
                messages.seek(0)
                os.write(standard_error, messages.read())
                raise
            finally:
                if starts_faulthandler:
                    faulthandler.disable()
                os.dup2(standard_error, 2)
    finally:
        os.close(standard_error)
