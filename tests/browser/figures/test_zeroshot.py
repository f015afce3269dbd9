"""The figure ZeroShot: its images are those of the course, its network is Keras's, and images move to new classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import traitlets as t
from playwright.sync_api import Browser, Locator, expect

from lessons_lib import data, explorables, keras, weights

ANOTHER = {"classes": ["red square", "blue cross"]}
IMAGES = 9
NAME = f"{explorables.ZeroShot().color} {explorables.ZeroShot().shape}"
SIDE = 24


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def cell(root: Locator, name: str) -> Locator:
    return root.locator("td", has=root.page.get_by_role("button", name=name, exact=False)).filter(
        has=root.page.locator(f'button[aria-label^="{name}"]')
    )


def landed(root: Locator, name: str) -> int:
    return cell(root, name).locator(".lx-image").count()


@pytest.fixture
def ready(figure: Any) -> Any:
    expect(words(figure.root)).to_contain_text(f"{IMAGES} new images of a {NAME}")
    return figure


def deep(channels: int, attributes: int) -> Any:
    layers = keras.layers
    stages = [layers.Conv2D(filters, 3, padding="same", activation="relu") for filters in (8, 16, 32)]
    pools = [layers.MaxPooling2D(), layers.MaxPooling2D(), layers.GlobalMaxPooling2D()]
    between = [layer for pair in zip(stages, pools, strict=True) for layer in pair]
    last = layers.Dense(attributes, activation="sigmoid")
    return keras.Sequential([keras.Input((SIDE, SIDE, channels)), *between, last])


def probabilities(networks: str, images: np.ndarray) -> np.ndarray:
    """Return what Keras says of each attribute: shape (n, 8)."""
    images = images.astype("float32")
    if networks == "one network":
        return np.asarray(weights.load(deep(3, 8), "zeroshot-shared")(images))
    layers = keras.layers
    color = [layers.Conv2D(8, 3, padding="same", activation="relu"), layers.GlobalMaxPooling2D()]
    model = keras.Sequential([keras.Input((SIDE, SIDE, 3)), *color, layers.Dense(4, activation="sigmoid")])
    shape = weights.load(deep(1, 4), "zeroshot-shape")(images.max(axis=-1, keepdims=True))
    return np.concatenate([shape, weights.load(model, "zeroshot-color")(images)], axis=1)


@pytest.fixture
def landing(js: Callable[..., Any]) -> Callable[..., Counter[str]]:
    """Give a function that says, by Keras and NumPy, how many images of a class land in each of some classes."""

    def landing(shown: str, classes: list[str], networks: str = "two networks") -> Counter[str]:
        color, shape = shown.split()
        images = np.reshape(js("zeroshot_images", "drawImages", shape, color, IMAGES, 0), (-1, SIDE, SIDE, 3))
        p = probabilities(networks, images).astype(np.float64)
        rows = np.array([[name in one.split() for name in (*data.SHAPES, *data.COLORS)] for one in classes])
        p = np.clip(p, 1e-6, 1 - 1e-6)  # as the course does: no factor is 0
        logs = np.log(p) @ rows.T + np.log(1 - p) @ (1 - rows.T)
        return Counter(classes[best] for best in logs.argmax(axis=-1))

    return landing


@pytest.mark.parametrize("kind", data.SHAPES)
def test_draws_as_the_course_draws(js: Callable[..., Any], kind: str) -> None:
    look = {"row": 10.3, "column": 13.9, "radius": 4.7, "brightness": 0.8, "background": 0.3}
    drawn = np.reshape(js("zeroshot_images", "drawShape", kind, "yellow", look), (SIDE, SIDE, 3))
    ink = data.draw_shape(kind, side=SIDE, row=10.3, column=13.9, radius=4.7)
    np.testing.assert_allclose(drawn, ink * 0.8 * np.array([1, 1, 0.2]) + (1 - ink) * 0.3, atol=1e-6)


def test_the_page_s_images_look_like_the_course_s(js: Callable[..., Any]) -> None:
    for color in data.COLORS:
        drawn = np.reshape(js("zeroshot_images", "drawImages", "square", color, 200, 0), (-1, SIDE, SIDE, 3))
        course = data.draw_colored_shapes(["square"] * 200, [color] * 200, side=SIDE, seed=0)
        np.testing.assert_allclose(drawn.mean(axis=(0, 1, 2)), course.mean(axis=(0, 1, 2)), atol=0.03)


@pytest.mark.parametrize("networks", ["two networks", "one network"])
def test_keras_gives_the_same_probabilities(open_body: Callable[..., Any], networks: str) -> None:
    files = [list(weights.FOLDER.joinpath(name).read_bytes()) for name in explorables.ZeroShot().weights]
    found = open_body("").evaluate(PROBABILITIES, [files, networks])
    images = np.reshape(found["images"], (-1, SIDE, SIDE, 3))
    np.testing.assert_allclose(found["probabilities"], probabilities(networks, images), atol=1e-4)


PROBABILITIES = """async ([files, networks]) => {
  const [classes, drawing] = await Promise.all(["classes", "images"].map((n) => import(`./zeroshot_${n}.js`)));
  const views = files.map((bytes) => new DataView(Uint8Array.from(bytes).buffer));
  const read = classes.createReaders(views)[networks];
  const images = drawing.SHAPES.flatMap((shape) =>
    drawing.COLORS.flatMap((color) => drawing.drawImages(shape, color, 2, 5)));
  const probabilities = images.map(read);
  return { images: images.map((image) => [...image]), probabilities };
}"""


@pytest.mark.parametrize("settings", [{"shape": "star"}, {"color": "pink"}, {"among": "none"}, {"image": 9}])
def test_refuses_what_it_cannot_show(settings: dict[str, Any]) -> None:
    with pytest.raises(t.TraitError, match=next(iter(settings))):
        explorables.ZeroShot(**settings)


@pytest.mark.parametrize("classes", [["blue star"], ["cross blue"], ["red square", ""]])
def test_says_what_a_class_is(classes: list[str]) -> None:
    with pytest.raises(t.TraitError, match="a class must be a colour and a shape"):
        explorables.ZeroShot(classes=classes)


def test_begins_with_the_twelve_classes_of_the_training() -> None:
    classes = explorables.ZeroShot().classes
    assert len(classes) == 12
    assert not {"blue triangle", "yellow triangle", "blue cross", "yellow cross"} & set(classes)


def test_images_move_to_a_class_as_soon_as_it_is_described(ready: Any, landing: Any) -> None:
    root, seen = ready.root, explorables.ZeroShot().classes
    for name, count in landing(NAME, seen).items():
        assert landed(root, name) == count
    expect(words(root)).to_contain_text("which training never showed. Among 12 classes")
    expect(words(root)).to_contain_text("No class here is described as")
    assert landed(root, NAME) == 0
    assert root.locator(".lx-image.lx-wrong").count() == IMAGES
    ready.button(f"Add the class {NAME}").click()
    expect(words(root)).to_contain_text("Among 13 classes")
    assert landed(root, NAME) == landing(NAME, [*seen, NAME])[NAME] > IMAGES / 2
    wrong = root.locator(".lx-image.lx-wrong").count()
    assert wrong == IMAGES - landed(root, NAME)
    ready.button(f"Remove the class {NAME}").click()
    expect(words(root)).to_contain_text("Among 12 classes")
    assert landed(root, NAME) == 0


@pytest.mark.parametrize("width", [320, 390])
def test_the_images_are_large_enough_for_a_finger(open_figure: Callable[..., Any], width: int) -> None:
    figure = open_figure("zeroshot", width=width)
    figure.button("Add the class blue cross").click()
    images = figure.root.locator(".lx-landed button")
    expect(images).to_have_count(9)
    boxes = [image.bounding_box() for image in images.all()]
    # A browser keeps places in 32-bit numbers, so that 24 px may be 23.999992.
    assert min(round(min(box["width"], box["height"]), 3) for box in boxes) >= 24


def test_a_class_comes_and_goes_by_keyboard_in_the_table(ready: Any) -> None:
    root = ready.root
    toggle = root.get_by_role("button", name=f"{NAME}, never seen in training")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    ready.press(toggle, "Enter")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(toggle).to_be_focused()
    assert landed(root, NAME) > IMAGES / 2
    ready.press(toggle, "Space")
    assert landed(root, NAME) == 0


def test_images_choose_among_the_unseen_alone(ready: Any) -> None:
    root = ready.root
    ready.choose("Choose among", "unseen classes")
    expect(words(root)).to_contain_text("There is no class for them: describe an unseen one.")
    assert root.locator(".lx-nowhere .lx-image").count() == IMAGES
    other = "blue triangle" if NAME == "yellow cross" else "yellow cross"
    for name in (NAME, other):
        root.get_by_role("button", name=f"{name}, never seen in training").click()
    expect(words(root)).to_contain_text("Among 2 classes")
    assert landed(root, NAME) + landed(root, other) == IMAGES
    expect(root.locator(".lx-nowhere")).to_be_hidden()


def test_an_image_close_up_shows_the_factors_and_their_product(ready: Any) -> None:
    root = ready.root
    ready.button(f"Add the class {NAME}").click()
    ready.press(root.locator(".lx-image").last, "Enter")
    table = root.locator(".lx-why table")
    rows = [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]
    assert [row[0] for row in rows] == [*data.SHAPES, *data.COLORS, "product"]
    for column in (2, 3):
        factors = [float(row[column].partition(" = ")[2]) for row in rows[:-1]]
        product = rows[-1][column].replace("< 0.001", "0").removeprefix("≈ ")
        assert np.prod(factors) == pytest.approx(float(product), abs=0.03)
        for row, factor in zip(rows, factors, strict=False):
            p = float(row[1])
            assert factor == pytest.approx(p if row[column].startswith("p") else 1 - p, abs=0.011)
    assert sum(row[2].startswith("p") for row in rows) == 2


@pytest.mark.parametrize("networks", ["two networks", "one network"])
def test_every_unseen_combination_lands_as_keras_says(ready: Any, landing: Any, networks: str) -> None:
    ready.choose("Attributes from", networks)
    root, seen = ready.root, explorables.ZeroShot().classes
    unseen = ["blue triangle", "yellow triangle", "blue cross", "yellow cross"]
    for name in unseen:
        root.get_by_role("button", name=f"{name}, never seen in training").click()
    for name in unseen:
        color, shape = name.split()
        ready.choose("Shape", shape)
        ready.choose("Colour", color)
        for among, classes in (("all classes", [*seen, *unseen]), ("unseen classes", unseen)):
            ready.choose("Choose among", among)
            found = landing(name, classes, networks)
            assert {one: landed(root, one) for one in found} == found


def test_other_images_and_other_combinations(ready: Any) -> None:
    root = ready.root
    before = words(root).inner_text()
    ready.choose("Shape", "square")
    ready.choose("Colour", "red")
    expect(words(root)).to_contain_text("9 new images of a red square, as training showed them.")
    assert landed(root, "red square") > IMAGES / 2
    ready.button("New images").click()
    assert ready.state["seed"] == 0
    expect(root.get_by_role("button", name="Image 1, a red square")).to_have_count(1)
    ready.button("Reset").click()
    expect(words(root)).to_have_text(before)


def test_works_by_touch_on_a_page_that_was_opened_as_a_file(browser: Browser, pages: Any, listen: Any) -> None:
    options = "<script>var DOCUMENTATION_OPTIONS = {};</script>"  # what each page of the site has
    name = pages.write(options + explorables.ZeroShot().to_html())
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with browser.new_context(**phone, reduced_motion="reduce") as context:
        page = context.new_page()
        problems = listen(page, "file:")
        page.goto((pages.folder / name).as_uri())
        root = page.locator("[data-explorable=zeroshot]")
        expect(words(root)).to_contain_text("Among 12 classes")
        root.get_by_role("button", name=f"Add the class {NAME}").tap()
        expect(words(root)).to_contain_text("Among 13 classes")
        root.locator(".lx-image").last.tap()
        expect(root.locator(".lx-image").last).to_have_attribute("aria-pressed", "true")
        assert problems == []
