"""`from lessons_lib import keras`: quiet when it succeeds, and clear when it fails."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

import lessons_lib
from lessons_lib.exercises import topics


def python(code, **environment):
    """Run code in a fresh interpreter; return its exit status and both streams."""
    environment = {**os.environ, **environment}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def stub(tmp_path, monkeypatch):
    """Return a function that puts a module of that source in the place of Keras."""

    def write(source):
        (tmp_path / "keras.py").write_text(source, encoding="utf-8")
        return {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}

    return write


def test_keras_loads_without_a_word_and_leaves_no_trace():
    code = (
        "import faulthandler, gc, os, sys\nfrom lessons_lib import keras\n"
        "print(keras.backend.backend(), gc.get_freeze_count(), faulthandler.is_enabled())\n"
        "print('one', file=sys.stderr)\nos.write(2, b'two')"
    )
    assert python(code) == (0, "tensorflow 0 False\n", "one\ntwo")


def test_keras_loads_without_a_standard_error():
    assert python("import os; os.close(2)\nfrom lessons_lib import keras; print('ok')")[:2] == (0, "ok\n")


def test_what_was_written_before_a_failed_import_is_shown(stub):
    failing = "import os\nos.write(2, b'the library speaks')\nraise RuntimeError('broken')"
    status, _, said = python("from lessons_lib import keras", **stub(failing))
    assert status == 1
    assert "the library speaks" in said
    assert "RuntimeError: broken" in said


@pytest.mark.parametrize(
    "death", ["os.abort()", "os.kill(os.getpid(), signal.SIGILL)", "os.kill(os.getpid(), signal.SIGSEGV)"]
)
def test_a_process_that_dies_in_the_import_says_where(stub, death):
    status, _, said = python("from lessons_lib import keras", **stub(f"import os, signal\n{death}"))
    assert status != 0
    assert "Fatal Python error" in said
    assert "_import_keras" in said


def test_another_backend_is_refused_with_the_way_out():
    status, _, said = python("from lessons_lib import keras", KERAS_BACKEND="jax")
    assert status == 1
    assert "Received: KERAS_BACKEND=jax. Unset it" in said
    assert "TensorFlow" in said


def test_a_backend_that_was_loaded_before_is_refused(stub):
    loaded = "import types\nbackend = types.SimpleNamespace(backend=lambda: 'torch')"
    _, _, said = python("import keras\nfrom lessons_lib import keras", **stub(loaded))
    assert "Received: torch. Restart Python, and import lessons_lib first." in said


@pytest.mark.parametrize(
    ("machine", "cpuinfo", "has"),
    [
        ("x86_64", "processor : 0\nflags : fpu sse2 avx avx2\n", True),
        ("x86_64", "processor : 0\nflags : fpu sse2 ssse3\n", False),
        ("x86_64", "processor : 0\n", True),
        ("x86_64", None, True),
        ("aarch64", "processor : 0\nFeatures : fp asimd\n", True),
        ("arm64", None, True),
    ],
)
def test_a_processor_without_avx_is_recognised(monkeypatch, machine, cpuinfo, has):
    def read_text(path, **_):
        if cpuinfo is None:
            raise FileNotFoundError(path)
        return cpuinfo

    monkeypatch.setattr(lessons_lib.platform, "machine", lambda: machine)
    monkeypatch.setattr(lessons_lib.Path, "read_text", read_text)
    assert lessons_lib._has_avx() == has


@pytest.mark.parametrize("has", [True, False])
def test_windows_is_asked_for_avx(monkeypatch, has):
    kernel = SimpleNamespace(IsProcessorFeaturePresent=lambda feature: int(has and feature == 39))
    monkeypatch.setattr(lessons_lib.platform, "machine", lambda: "AMD64")
    monkeypatch.setattr(lessons_lib.sys, "platform", "win32")
    monkeypatch.setattr(lessons_lib.ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert lessons_lib._has_avx() == has


def test_a_processor_without_avx_is_named_before_tensorflow_ends_the_process(monkeypatch):
    monkeypatch.setattr(lessons_lib, "_has_avx", lambda: False)
    with pytest.raises(ImportError, match="needs a processor with AVX instructions"):
        lessons_lib._check_processor()


def test_the_first_question_waits_for_no_package_that_is_slow_to_import():
    code = (
        "import sys\nfrom lessons_lib.exercises import Prediction\nPrediction('{}')\nprint('jsonschema' in sys.modules)"
    )
    name = next(iter(topics.all_predictions()))
    assert python(code.format(name))[:2] == (0, "False\n")
