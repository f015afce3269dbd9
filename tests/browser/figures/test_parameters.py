"""The figure Parameters: its counts are those of the package."""

from __future__ import annotations

from typing import Any

from lessons_lib import counting


def test_count_as_the_package_does(figure: Any) -> None:
    figure.button("Reset").click()
    figure.settle()
    counts = figure.counts
    assert counts == [280, 645_120, 172_823_040]
    assert "Locality saves a factor of 267.9, sharing one of 2,304: together 617,225.1." in figure.words
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
