"""The figure Parameters: its counts are those of the package."""

from __future__ import annotations

import math
from typing import Any

import pytest

from lessons_lib import counting


def test_count_as_the_package_does(figure: Any) -> None:
    figure.button("Reset").click()
    figure.settle()
    counts = figure.counts
    assert counts == [280, 645_120, 172_823_040]
    assert "Locality saves a factor of about 267.9, sharing one of 2,304: together about 617,200." in figure.words
    figure.slide("Image side", ["Home"] + ["ArrowRight"] * 8)
    figure.slide("Filters", ["Home", "ArrowRight", "ArrowRight"])
    figure.slide("Kernel", ["ArrowRight", "ArrowRight"])
    figure.slide("Stride", ["ArrowRight"])
    side = counting.output_size(12, 5, strides=2)
    counts = figure.counts
    assert counts[0] == counting.convolution_parameters(5, 3, 3)
    assert counts[1] == 76 * side * side * 3
    assert counts[2] == counting.dense_parameters(12 * 12 * 3, side * side * 3)
    figure.slide("Kernel", ["End"])
    figure.slide("Image side", ["Home"])
    assert "does not fit" in figure.words
    figure.choose("Padding", "same")
    assert "Each layer gives 2×2 places" in figure.words
    figure.slide("Channels", ["End"])
    assert "·64 + 1)" in figure.root.get_by_role("list").inner_text()


def test_bars_and_multiply_adds_belong_to_the_counts(figure: Any) -> None:
    figure.slide("Image side", ["Home"] + ["ArrowRight"] * 8)
    side, channels, filters = 12, figure.state["channels"], figure.state["filters"]
    outputs = counting.output_size(side, 3) ** 2 * filters
    work = [9 * channels * outputs, 9 * channels * outputs, side * side * channels * outputs]
    lines = figure.root.locator("li p").all_inner_texts()
    assert [int(line.split(" parameters, ")[1].split()[0].replace(",", "")) for line in lines] == work
    widths = figure.root.locator(".lx-bar").evaluate_all(
        "(bars) => bars.map((bar) => parseFloat(bar.style.inlineSize))"
    )
    # A power of ten is a fifteenth of the scale.
    assert widths == pytest.approx([100 * math.log10(count) / 15 for count in figure.counts], abs=0.01)
