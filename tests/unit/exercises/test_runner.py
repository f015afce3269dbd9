"""A learner's function is stopped when it does not end, and leaves nothing behind."""

import os
import random
import signal
import sys
import threading
import time
import warnings

import numpy as np
import pytest

from lessons_lib import ops
from lessons_lib.exercises import Check, runner


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(runner, "LIMIT", 0.3)


def spin(*_):
    while True:
        pass


def spin_and_catch(*_):
    while True:
        try:
            sum(range(100))
        except Exception:
            continue


def spin_and_catch_all(*_):
    while True:
        try:
            sum(range(100))
        except:  # noqa: E722
            continue


def sleep(*_):
    time.sleep(60)


def sleep_often(*_):
    while True:
        time.sleep(0.01)


def work(*_):
    while True:
        np.ones((100, 100)) @ np.ones((100, 100))


LOOPS = [spin, spin_and_catch, spin_and_catch_all, sleep_often, work]


@pytest.mark.parametrize(
    "loop", [*LOOPS, pytest.param(sleep, marks=pytest.mark.skipif(os.name == "nt", reason="no signals"))]
)
def test_an_endless_function_gets_a_verdict(loop):
    start = time.perf_counter()
    verdict = Check("convolve").judge(loop)
    assert verdict.key == "out_of_time"
    assert f"I stopped {loop.__name__}(" in " ".join(verdict.text.split())
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("loop", [loop for loop in LOOPS if loop is not spin_and_catch_all])
def test_it_gets_one_in_another_thread_too(loop):
    found = []
    thread = threading.Thread(target=lambda: found.append(Check("convolve").judge(loop).key))
    thread.start()
    thread.join(20)
    assert found == ["out_of_time"]


@pytest.mark.parametrize(
    "error", [SystemExit, SystemExit(3), KeyboardInterrupt, GeneratorExit, RecursionError, Warning]
)
def test_whatever_is_raised_gets_a_verdict(error):
    def convolve(image, kernel, strides):
        raise error

    verdict = Check("convolve").judge(convolve)
    assert verdict.key == "raised"
    assert "raise error" in verdict.text
    assert type(error).__name__ in verdict.text or error.__name__ in verdict.text


@pytest.mark.skipif(os.name == "nt", reason="there, a process cannot send itself this signal")
def test_the_reader_can_still_interrupt():
    before = signal.getsignal(signal.SIGINT)
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        Check("convolve").judge(spin)
    timer.join()
    assert signal.getsignal(signal.SIGINT) is before


def test_nothing_arrives_later():
    for _ in range(20):
        runner.run(lambda: time.sleep(0.01), (), limit=0.01)
    for _ in range(1_000):
        time.sleep(0)


def messy(image, kernel, strides):
    """Change all that a function can reach, and give the right answer."""
    warnings.simplefilter("error")
    np.seterr(all="raise")
    np.set_printoptions(precision=1)
    np.random.seed(1)  # noqa: NPY002
    np.random.rand()  # noqa: NPY002
    random.seed(1)
    sys.stdout = sys.stderr = None
    right = ops.convolve(image, kernel, strides=strides)
    ops.convolve = np.allclose = lambda *_, **__: True
    return right


def numpy_state():
    return np.random.get_state()[1].tolist()  # noqa: NPY002


def state():
    return (
        [*warnings.filters],
        np.geterr(),
        np.get_printoptions(),
        numpy_state(),
        random.getstate(),
        (sys.stdout, sys.stderr),
        (ops.convolve, np.allclose),
    )


def test_all_is_afterwards_as_it_was():
    before = state()
    verdict = Check("convolve").judge(messy)
    assert state() == before
    assert verdict.key == "right"


def test_what_the_learner_has_patched_stays_patched(monkeypatch):
    mine = lambda *arguments, **options: 0  # noqa: E731
    monkeypatch.setattr(np, "median", mine)
    Check("convolve").judge(messy)
    assert np.median is mine


def test_a_function_that_fools_the_comparison_is_not_right():
    def convolve(image, kernel, strides):
        np.allclose = np.isclose = lambda *_, **__: True
        return np.zeros(1)

    assert Check("convolve").judge(convolve).key == "otherwise_function"


def test_warnings_and_numpy_errors_of_a_function_are_not_shown(recwarn, capsys):
    def convolve(image, kernel, strides):
        np.ones(3) / np.zeros(3)
        warnings.warn("beware", stacklevel=1)
        return ops.convolve(image, kernel, strides=strides)

    assert Check("convolve").judge(convolve).key == "right"
    assert not list(recwarn)
    assert capsys.readouterr().err == ""


def test_figures_and_displays_of_a_function_are_not_shown():
    import matplotlib.pyplot as plt
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import display
    from IPython.utils.capture import capture_output

    def convolve(image, kernel, strides):
        plt.figure()
        plt.imshow(image)
        display(image)
        return ops.convolve(image, kernel, strides=strides)

    mine = plt.figure()
    before = plt.get_fignums()
    shell = InteractiveShell.instance()
    try:
        with capture_output(stdout=False, stderr=False) as shown:
            display("mine")
            assert Check("convolve").judge(convolve).key == "right"
        assert [output.data["text/plain"] for output in shown.outputs] == ["'mine'"]
        assert plt.get_fignums() == before
    finally:
        plt.close(mine)
        shell.clear_instance()


def test_the_arrays_of_an_answer_stay_as_they_are():
    kernel = np.array([[0.0, 2, 2], [-2, 0, 2], [-2, -2, 0]])
    before = kernel.copy()
    assert Check("diagonal_kernel").judge(kernel).key == "right"
    np.testing.assert_array_equal(kernel, before)


def test_a_model_is_judged_without_a_trace_on_it_or_on_random_numbers():
    from lessons_lib import models

    net = models.cnn(filters=(4, 8))
    weights = [weight.copy() for weight in net.get_weights()]
    before = numpy_state(), random.getstate(), net.compiled
    assert Check("budget").judge(net).key == "right"
    assert (numpy_state(), random.getstate(), net.compiled) == before
    for old, new in zip(weights, net.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_model_may_be_of_any_build():
    from lessons_lib import keras, models

    fixed = keras.Sequential([keras.Input(batch_shape=(48, 28, 28, 1)), *models.cnn(filters=(4, 8)).layers])
    doubled = keras.layers.Lambda(lambda x: 2 * x)
    images = x = keras.Input((28, 28, 1))
    for layer in (doubled, *models.cnn(filters=(4, 8)).layers):
        x = layer(x)
    for net in (fixed, keras.Model(images, x)):
        assert Check("budget").judge(net).key == "right"
