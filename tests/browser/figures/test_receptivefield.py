"""The figure ReceptiveField: its fields are those of the package."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from lessons_lib import counting
from lessons_lib.explorables.receptivefield import layer

ANOTHER = {"layers": [layer("conv", 5)]}


def test_follows_the_published_formulas(figure: Any) -> None:
    figure.button("Reset").click()
    figure.settle()
    row = figure.root.locator("tbody tr").last.inner_text().split("\t")
    field = counting.receptive_field([(3, 1), (2, 2), (3, 1)])
    assert [int(number) for number in row[-4:-1]] == list(field)
    figure.cell("Output", 4, 5).click()
    figure.settle()
    seen = figure.marked("Input image", "lx-seen")
    rows, columns = sorted({index // 28 for index in seen}), sorted({index % 28 for index in seen})
    assert rows == list(range(4 * field.jump, 4 * field.jump + field.size))
    assert columns == list(range(5 * field.jump, 5 * field.jump + field.size))
    figure.cell("Output", 9, 9).hover()  # the pointer on its way to the table
    figure.press(figure.cell("Output", 4, 5), "ArrowUp")
    assert "Output row 3, column 5 sees 8×8 pixels" in figure.words


def test_layers_change_their_kind_and_pooling_has_no_dilation(figure: Any) -> None:
    expect(figure.chooser("dilation rate of layer 2")).to_be_disabled()
    figure.choose("kind of layer 2", "conv")
    figure.choose("dilation rate of layer 2", "2")
    row = figure.root.locator("tbody tr").last.inner_text().split("\t")
    assert [int(number) for number in row[-4:-1]] == list(counting.receptive_field([(3, 1), (2, 1, 2), (3, 1)]))
    figure.choose("kind of layer 2", "pool")
    expect(figure.chooser("dilation rate of layer 2")).to_have_value("1")
    assert figure.words.startswith("The dilation is 1 again: Keras has none in a pooling. Output row")
    figure.press(figure.button("Remove layer 1"), "Enter")
    expect(figure.button("Remove layer 1")).to_be_focused()


def test_a_stride_and_a_dilation_are_never_both_above_1(figure: Any) -> None:
    stride, dilation = figure.chooser("strides of layer 1"), figure.chooser("dilation rate of layer 1")
    figure.choose("strides of layer 1", "3")
    assert figure.words.startswith("Output row")
    figure.choose("dilation rate of layer 1", "2")
    expect(stride).to_have_value("1")
    assert figure.words.startswith("The stride is 1 again: Keras has no larger one beside a dilation. Output row")
    figure.choose("strides of layer 1", "2")
    expect(dilation).to_have_value("1")
    assert figure.words.startswith("The dilation is 1 again: Keras has none beside a stride above 1. Output row")
    figure.choose("padding of layer 1", "same")
    assert figure.words.startswith("Output row")


def test_is_built_by_keyboard(figure: Any) -> None:
    figure.press(figure.button("Add a convolution"), "Enter", "Enter")
    figure.press(figure.button("Add a pooling"), "Enter")
    assert figure.root.locator("tbody tr").count() == 6
    figure.choose("kernel size of layer 5", "5")
    figure.choose("padding of layer 1", "same")
    figure.choose("strides of layer 4", "2")
    figure.choose("dilation rate of layer 5", "1")
    last = figure.root.locator("tbody tr").last.inner_text().split("\t")
    stack = [(3, 1, 1, 1), (2, 2), (3, 1), (3, 2), (5, 1), (2, 2)]
    assert [int(number.replace("−", "-")) for number in last[-4:-1]] == list(counting.receptive_field(stack))
    figure.press(figure.button("Add a convolution"), "Enter")
    assert "does not fit any more" in figure.words
    figure.press(figure.button("Remove layer 7"), "Enter")
    figure.press(figure.button("Add a pooling"), "Enter", "Enter", "Enter")
    assert figure.root.locator("tbody tr").count() == 8
    expect(figure.button("Add a pooling")).to_be_disabled()


def test_each_row_of_the_table_is_right(figure: Any) -> None:
    layers = [(3, 1), (2, 2), (3, 1)]
    size = 28
    for index, line in enumerate(figure.root.locator("tbody tr").all()):
        size = counting.output_size(size, layers[index][0], strides=layers[index][1])
        cells = [cell.inner_text() for cell in line.locator("td").all()][-5:-1]
        field = counting.receptive_field(layers[: index + 1])
        assert [int(cell.replace("−", "-")) for cell in cells] == [size, *field]
    assert figure.grid("Output").get_by_role("row").count() == size
    assert figure.marked("Output", "lx-picked") == [figure.state["row"] * size + figure.state["column"]]
