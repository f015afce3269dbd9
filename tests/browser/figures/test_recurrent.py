"""The figure Recurrent: its states and guesses are Keras's, and the reader steps, plays, draws and joins digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import traitlets as t
from playwright.sync_api import Browser, Locator, expect

from lessons_lib import explorables, keras, weights

SIDE, UNITS = 28, 64
GUESS = re.compile(r"The guess from the state: (\d) with probability ([\d.]+), then (\d) with ([\d.]+)\.")
AWAY = re.compile(r"What is left of the first half: .* differs by ([\d.]+) from")
NUMBERS = re.compile(r"−?\d+\.?\d*$")


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


@pytest.fixture
def ready(figure: Any) -> Any:
    expect(words(figure.root)).to_contain_text("Row 13 is read, 14 of 28.")
    return figure


@pytest.fixture(scope="module")
def network() -> Any:
    """Give a network of Keras that returns the state after each row, and the guess from it."""
    rows = keras.Input((SIDE, SIDE))
    states = keras.layers.SimpleRNN(UNITS, return_sequences=True)(rows)
    return keras.Model(rows, [states, keras.layers.Dense(10, activation="softmax")(states)])


def answer(network: Any, image: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the states (28, 64) and the guesses (28, 10) for one image."""
    states, guesses = network(np.float32(image)[np.newaxis])
    return np.asarray(states)[0], np.asarray(guesses)[0]


@pytest.mark.parametrize("units", [1, 5, UNITS])
def test_states_and_guesses_are_those_of_keras_for_random_weights(js: Callable[..., Any], units: int) -> None:
    random = np.random.default_rng(units)
    rows = keras.Input((None, 7))
    states = keras.layers.SimpleRNN(units, return_sequences=True)(rows)
    model = keras.Model(rows, [states, keras.layers.Dense(4, activation="softmax")(states)])
    arrays = [np.float32(random.normal(size=array.shape) / np.sqrt(array.shape[0])) for array in model.get_weights()]
    model.set_weights(arrays)
    names = ["kernel", "recurrent", "bias", "head", "headBias"]
    given = {name: array.ravel().tolist() for name, array in zip(names, arrays, strict=True)}
    x = np.float32(random.uniform(-1, 1, size=(12, 7)))
    steps = js("recurrent_network", "read", x.tolist(), given)
    states, guesses = (np.asarray(output)[0] for output in model(x[np.newaxis]))
    np.testing.assert_allclose([step["state"] for step in steps], states, atol=1e-5)
    np.testing.assert_allclose([step["guess"] for step in steps], guesses, atol=1e-5)


def test_shows_the_states_and_guesses_of_keras(open_figure: Callable[..., Any], network: Any) -> None:
    weights.load(network, "recurrent")
    figure = open_figure("recurrent", lower="8", way="upside down", done=20)
    expect(words(figure.root)).to_contain_text("Row 19 is read")
    states, guesses = answer(network, figure.values("Digit"))
    np.testing.assert_allclose(figure.values("State")[:20], states[:20], atol=0.02)
    assert np.isnan(figure.values("State")[20:]).all()
    found = GUESS.search(words(figure.root).inner_text())
    best = np.argsort(guesses[19])[::-1]
    assert [int(found[1]), int(found[3])] == best[:2].tolist()
    assert [float(found[2]), float(found[4])] == pytest.approx(guesses[19][best[:2]], abs=0.011)
    label = figure.cell("Guess", 19, best[0]).get_attribute("aria-label")
    assert f"probability of a {best[0]}: {found[2]}" in label
    assert figure.marked("Guess", "lx-top") == [10 * row + guess.argmax() for row, guess in enumerate(guesses[:20])]


def test_the_parts_of_a_value_add_up(ready: Any) -> None:
    boxes = ready.root.locator(".lx-products > span")
    expect(boxes).to_have_count(5)
    parts = [float(NUMBERS.search(text)[0].replace("−", "-")) for text in boxes.all_inner_texts()]
    assert sum(parts[:3]) == pytest.approx(parts[3], abs=2e-4)
    assert np.tanh(parts[3]) == pytest.approx(parts[4], abs=1e-4)
    assert ready.values("State")[13][ready.state["unit"]] == pytest.approx(parts[4], abs=0.0051)
    expect(ready.root).to_contain_text(f"Value {ready.state['unit']} of the state after row 13")


@pytest.mark.parametrize(
    "settings", [{"lower": "x"}, {"way": "sideways"}, {"done": 29}, {"unit": 64}, {"pointer": "?"}]
)
def test_refuses_what_it_cannot_show(settings: dict[str, Any]) -> None:
    with pytest.raises(t.TraitError, match=next(iter(settings))):
        explorables.Recurrent(**settings)


def test_refuses_an_image_of_another_size() -> None:
    with pytest.raises(t.TraitError, match=r"image must have 28 rows and columns.*\(20, 28\)"):
        explorables.Recurrent(image=np.zeros((20, 28)))


def test_steps_by_keyboard_to_both_ends(ready: Any) -> None:
    ready.press(ready.button("Step"), "Enter", "Enter")
    expect(words(ready.root)).to_contain_text("Row 15 is read, 16 of 28.")
    ready.press(ready.button("Back"), "Space")
    expect(words(ready.root)).to_contain_text("Row 14 is read, 15 of 28.")
    for _ in range(15):
        ready.button("Back").click()
    expect(words(ready.root)).to_contain_text("Nothing is read yet: the state is 64 zeros.")
    expect(ready.button("Back")).to_be_disabled()
    expect(ready.root).to_contain_text("before the first row: 0")
    ready.cell("Digit", 27, 3).click()
    expect(words(ready.root)).to_contain_text("Row 27 is read, 28 of 28.")
    expect(ready.button("Step")).to_be_disabled()


def test_a_press_or_an_arrow_key_leads_to_a_row_and_to_a_value(ready: Any) -> None:
    ready.cell("Guess", 20, 4).click()
    expect(words(ready.root)).to_contain_text("Row 20 is read, 21 of 28.")
    cell = ready.cell("State", 20, ready.state["unit"])
    ready.press(cell, "ArrowRight", "ArrowUp")
    expect(words(ready.root)).to_contain_text("Row 19 is read, 20 of 28.")
    unit = ready.state["unit"] + 1
    expect(ready.root).to_contain_text(f"Value {unit} of the state after row 19")
    assert ready.marked("State", "lx-here") == [19 * UNITS + unit]
    band, row = (box.bounding_box() for box in (ready.root.locator(".lx-band"), ready.cell("Digit", 19, 0)))
    assert band["y"] == pytest.approx(row["y"], abs=1)
    ready.slide("Value", ["Home"])
    expect(ready.root).to_contain_text("Value 0 of the state after row 19")


def test_plays_to_the_last_row_and_again_from_the_first(ready: Any) -> None:
    ready.choose("Speed", "fast")
    ready.button("Play").click()
    expect(words(ready.root)).to_have_attribute("aria-live", "off")
    expect(words(ready.root)).to_contain_text("28 of 28")
    expect(ready.button("Play")).to_be_visible()
    expect(words(ready.root)).to_have_attribute("aria-live", "polite")
    ready.choose("Speed", "slow")
    ready.button("Play").click()
    expect(words(ready.root)).to_contain_text("Nothing is read yet")
    ready.button("Reset").click()
    assert ready.button("Pause").count() == 0
    ready.page.wait_for_timeout(1500)
    expect(words(ready.root)).to_contain_text("14 of 28", timeout=1)


def test_the_last_row_first_grows_from_below(ready: Any) -> None:
    ready.choose("Read it", "last row first")
    expect(words(ready.root)).to_contain_text("Row 14 is read, 14 of 28.")
    empty = np.isnan(ready.values("State")).all(axis=1)
    assert empty.tolist() == [True] * 14 + [False] * 14
    ready.cell("Digit", 27, 0).click()
    expect(words(ready.root)).to_contain_text("Row 27 is read, 1 of 28.")


def test_says_what_is_left_of_the_first_half(ready: Any, network: Any) -> None:
    weights.load(network, "recurrent")
    ready.choose("Lower half", "7")
    ready.cell("Digit", 27, 0).click()
    joined = ready.values("Digit")
    ready.choose("Digit", "7")
    ready.choose("Lower half", "the same")
    alone = ready.values("Digit")
    np.testing.assert_array_equal(joined[14:], alone[14:])
    assert (joined[:14] != alone[:14]).any()
    states = [answer(network, image)[0][-1] for image in (joined, alone)]
    ready.choose("Digit", "3")
    ready.choose("Lower half", "7")
    said = AWAY.search(ready.root.locator(".lx-memory").inner_text())
    assert float(said[1]) == pytest.approx(np.abs(states[0] - states[1]).mean(), abs=0.02)


def test_reads_what_is_drawn_by_mouse_and_by_keyboard(ready: Any) -> None:
    ready.choose("Digit", "your own")
    expect(ready.chooser("Pointer")).to_have_value("draw")
    assert (ready.values("Digit") == 0).all()
    box = ready.grid("Digit").bounding_box()
    at = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in ((0.5, 0.2), (0.5, 0.8))]
    ready.page.mouse.move(*at[0])
    ready.page.mouse.down()
    ready.page.mouse.move(*at[1], steps=5)
    ready.page.mouse.up()
    ready.settle()
    drawn = ready.values("Digit")
    assert (drawn[8:20, 14] > 0.5).all()
    assert drawn[:, :8].max() == 0
    expect(words(ready.root)).to_contain_text("Row 27 is read, 28 of 28.")
    ready.press(ready.cell("Digit", 22, 14), "ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "Enter")
    assert ready.values("Digit").sum() > drawn.sum()
    ready.choose("Pointer", "erase")
    ready.cell("Digit", 14, 14).click()
    assert ready.values("Digit")[14, 14] == 0
    ready.button("Reset").click()
    expect(ready.chooser("Digit")).to_have_value("3")


def test_works_by_touch_on_a_page_that_was_opened_as_a_file(browser: Browser, pages: Any, listen: Any) -> None:
    options = "<script>var DOCUMENTATION_OPTIONS = {};</script>"  # what each page of the site has
    name = pages.write(options + explorables.Recurrent().to_html())
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with browser.new_context(**phone) as context:
        page = context.new_page()
        problems = listen(page, "file:")
        page.goto((pages.folder / name).as_uri())
        root = page.locator("[data-explorable=recurrent]")
        expect(words(root)).to_contain_text("14 of 28")
        root.get_by_role("button", name="Step", exact=True).tap()
        expect(words(root)).to_contain_text("15 of 28")
        state = root.get_by_role("grid", name="State")
        box = state.bounding_box()
        state.tap(position={"x": box["width"] * 9.5 / UNITS, "y": box["height"] * 5.5 / SIDE})
        expect(words(root)).to_contain_text(", 6 of 28")
        expect(root).to_contain_text("Value 9 of the state after row 5")
        root.get_by_role("combobox", name="Lower half").select_option("0")
        root.get_by_role("grid", name="Digit").get_by_role("gridcell").nth(27 * SIDE).tap()
        expect(root.locator(".lx-memory")).to_contain_text("What is left of the first half")
        assert problems == []
