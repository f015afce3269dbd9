"""The figure Backward: after its last stop it holds the gradients that Keras finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import traitlets as t
from playwright.sync_api import expect

from lessons_lib import explorables, keras, ops


def by_tape(image: np.ndarray, kernel: np.ndarray, gradient: np.ndarray) -> list[np.ndarray]:
    x, w = (
        tf.Variable(rows[None, ..., None] if at == 0 else rows[..., None, None])
        for at, rows in enumerate((image, kernel))
    )
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(keras.ops.conv(x, w)[0, :, :, 0] * gradient)
    return [
        np.squeeze(found.numpy(), axis=axes)
        for found, axes in zip(tape.gradient(loss, [x, w]), ((0, 3), (2, 3)), strict=True)
    ]


def test_equals_the_gradients_of_keras(js: Callable[..., Any]) -> None:
    random = np.random.default_rng(0)
    for _ in range(20):
        kernel = random.normal(size=random.integers(1, 4, 2))
        gradient = random.normal(size=random.integers(1, 4, 2))
        image = random.normal(size=np.add(kernel.shape, gradient.shape) - 1)
        state = {"image": image.tolist(), "kernel": kernel.tolist(), "gradient": gradient.tolist()}
        found = js("backward", "sentBack", {**state, "done": gradient.size})
        for_image, for_kernel = by_tape(image, kernel, gradient)
        np.testing.assert_allclose(found["forImage"], for_image, atol=1e-5)
        np.testing.assert_allclose(found["forKernel"], for_kernel, atol=1e-5)
        half = js("backward", "sentBack", {**state, "done": gradient.size // 2})
        first = np.where(np.arange(gradient.size).reshape(gradient.shape) < gradient.size // 2, gradient, 0)
        np.testing.assert_allclose(half["forKernel"], ops.convolve(image, first), atol=1e-9)


def test_takes_shapes_that_fit_and_no_others() -> None:
    assert explorables.Backward(image=[[1, 2]], kernel=[[1]], gradient=[[1, 0]]).done == 0
    with pytest.raises(t.TraitError, match=r"Received: image \(4, 4\), kernel \(1, 1\), gradient \(2, 2\)"):
        explorables.Backward(kernel=[[1]])
    with pytest.raises(t.TraitError, match="at most 7"):
        explorables.Backward(image=np.zeros((8, 8)))


def test_steps_on_and_back_by_keyboard_and_takes_a_stop_from_the_map(figure: Any) -> None:
    kernel = "Gradient of K"
    assert np.all(figure.values(kernel) == 0)
    expect(figure.button("Step back")).to_be_disabled()
    figure.press(figure.button("Step"), "Enter", "Enter")
    expect(figure.root.locator("output.sentence")).to_contain_text("Stop 2 of 4: G[0, 1] = −1.")
    image = np.array(figure.state["image"])
    np.testing.assert_allclose(figure.values(kernel), image[:3, :3] - image[:3, 1:])
    figure.press(figure.button("Step back"), "Enter")
    np.testing.assert_allclose(figure.values(kernel), image[:3, :3])
    figure.cell("Gradient G", 1, 1).click()
    figure.settle()
    np.testing.assert_allclose(figure.values(kernel), ops.convolve(image, np.array(figure.state["gradient"])))
    expect(figure.root.locator("output.sentence")).to_contain_text("That is all")
    expect(figure.button("Step")).to_be_disabled()


def test_plays_to_the_end(figure: Any) -> None:
    figure.choose("Speed", "fast")
    figure.button("Play").click()
    expect(figure.root.locator("output.sentence")).to_contain_text("Stop 4 of 4")
    expect(figure.button("Play")).to_be_visible()
