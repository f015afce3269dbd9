"""The figure Architectures: blocks that Keras's models give, read by mouse, finger and keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
import traitlets as t
from playwright.sync_api import Browser, Locator, Page, expect

from lessons_lib import counting, explorables, keras


def small(filters: int) -> list[counting.Block]:
    layers = [keras.Input((28, 28, 1)), keras.layers.Conv2D(filters, 5), keras.layers.MaxPooling2D()]
    dense = [keras.layers.Flatten(), keras.layers.Dense(10)]
    return counting.ledger(keras.Sequential([*layers, *dense])).blocks()


ANOTHER = {
    "nets": {name: [asdict(block) for block in small(filters)] for name, filters in (("mine", 6), ("yours", 8))},
    "upper": "ResNet50",
    "lower": "VGG16",
    "chosen": [0, 3],
}


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def picture(root: Locator, name: str) -> Locator:
    return root.get_by_role("slider", name=f"Block of {name}")


def place_of(picture: Locator) -> int:
    return int(picture.get_attribute("aria-valuenow") or "nan") - 1


def column(picture: Locator, place: int) -> tuple[float, float]:
    """Return the middle of the column of a block, within the picture."""
    box = picture.bounding_box()
    assert box is not None
    columns = 1 + max(len(blocks) for blocks in explorables.Architectures().nets.values())
    return (place + 1.5) * box["width"] / columns, box["height"] / 2


def test_starts_at_the_layer_that_holds_most_of_vgg16(root: Locator) -> None:
    expect(words(root)).to_contain_text("fc1, a dense layer, 7×7×512 → 4096")
    expect(words(root)).to_contain_text("It holds 74 % of the parameters and does 0.7 % of the multiply-adds")
    expect(root).to_contain_text("138,357,544 parameters; half in 1 of")
    expect(root).to_contain_text("25,636,712 parameters")


def test_shows_the_counts_of_the_ledger(figure: Any) -> None:
    nets = figure.state["nets"]
    vgg = picture(figure.root, "VGG16")
    vgg.focus()
    figure.page.keyboard.press("Home")
    for block in nets["VGG16"][:4]:
        row = figure.root.get_by_role("row")
        cells = [row.filter(has_text=name).get_by_role("cell").first for name in ("parameters", "multiply-adds")]
        expect(cells[0]).to_contain_text(f"{block['parameters']:,}")
        expect(cells[1]).to_contain_text(f"{block['multiply_adds']:,}")
        expect(row.filter(has_text="receptive")).to_contain_text(f"{block['receptive_field']} px")
        figure.page.keyboard.press("ArrowRight")
    expect(vgg).to_have_attribute("aria-valuenow", "5")


def test_keys_lead_from_the_first_block_to_the_last(root: Locator) -> None:
    resnet = picture(root, "ResNet50")
    resnet.focus()
    for key, wanted in (("Home", 0), ("ArrowLeft", 0), ("ArrowRight", 1), ("ArrowUp", 2), ("ArrowDown", 1)):
        root.page.keyboard.press(key)
        expect(resnet).to_have_attribute("aria-valuenow", str(wanted + 1))
    root.page.keyboard.press("End")
    expect(words(root)).to_contain_text("ResNet50, block 20 of 20: predictions, a dense layer")
    assert resnet.get_attribute("aria-valuenow") == resnet.get_attribute("aria-valuemax")


def test_a_mouse_reads_what_it_points_at_and_marks_what_it_presses(root: Locator) -> None:
    vgg = picture(root, "VGG16")
    before = place_of(vgg)
    vgg.hover(position=dict(zip("xy", column(vgg, 2), strict=True)))  # type: ignore[arg-type]
    expect(words(root)).to_contain_text("block1_pool")
    root.get_by_role("button", name="Reset").hover()
    expect(words(root)).to_contain_text("fc1")
    assert place_of(vgg) == before
    vgg.click(position=dict(zip("xy", column(vgg, 2), strict=True)))  # type: ignore[arg-type]
    root.get_by_role("button", name="Activations").hover()
    expect(words(root)).to_contain_text("block1_pool")


def test_a_finger_drags_through_the_blocks(browser: Browser, pages: Any) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(pages.url + pages.write(explorables.Architectures().to_html()))
        root = page.locator("[data-explorable=architectures]")
        vgg = picture(root, "VGG16")
        vgg.scroll_into_view_if_needed()
        box = vgg.bounding_box()
        assert box is not None
        touch = page.context.new_cdp_session(page)
        ends = [column(vgg, place) for place in (3, 9)]
        (x0, y), (x1, _) = ends
        points = [(box["x"] + x0 + (x1 - x0) * step / 6, box["y"] + y) for step in range(7)]
        for kind, (x, at) in zip(["touchStart", *["touchMove"] * 6], points, strict=True):
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": at}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        expect(vgg).to_have_attribute("aria-valuenow", "10")
        page.touchscreen.tap(*points[0])
        expect(vgg).to_have_attribute("aria-valuenow", "4")


def test_bars_show_shares_and_fields(figure: Any) -> None:
    root = figure.root
    for measure, said in (
        ("multiply-adds", "multiply-adds; half in"),
        ("activations", "activations; half in"),
        ("receptive field", "up to 212 pixels across; the input has 224×224"),
    ):
        figure.button(measure.capitalize()).click()
        expect(root).to_contain_text(said)
        assert figure.button(measure.capitalize()).get_attribute("aria-pressed") == "true"
    bars = root.get_by_role("slider").first.locator("rect.lx-open")
    assert bars.count() == 3  # after the first flattening no block has a field of a fixed size


def test_each_network_can_be_chosen(figure: Any) -> None:
    figure.choose("Lower network", "VGG16")
    expect(picture(figure.root, "VGG16")).to_have_count(2)
    figure.choose("Upper network", "ResNet50")
    expect(words(figure.root)).to_contain_text("ResNet50, block")
    expect(figure.root).to_contain_text("VGG16 has 5.4 times the parameters and")


def test_draws_nets_of_every_kind(open_figure: Callable[..., Any]) -> None:
    x = keras.Input((16, 16, 3))
    y = keras.layers.Add(name="sum")([x, keras.layers.Conv2D(3, 3, padding="same")(x)])
    z = keras.layers.Concatenate(name="side")([y, keras.layers.Conv2D(3, 3, padding="same")(y)])
    odd = counting.ledger(keras.Model(x, keras.layers.GlobalAveragePooling2D()(z))).blocks()
    figure = open_figure("architectures", nets={"odd": odd})
    expect(figure.root).to_contain_text("with a shortcut")
    expect(figure.root).to_contain_text("branches")
    for measure in ("Parameters", "Multiply-adds", "Activations", "Receptive field"):
        figure.button(measure).click()
    expect(words(figure.root)).to_contain_text("odd, block")


def test_measures_of_a_net_are_those_of_its_ledger(js: Callable[..., Any]) -> None:
    nets = explorables.Architectures().nets
    assert js("architectures", "totalOf", nets["VGG16"], "parameters") == 138_357_544
    assert js("architectures", "blocksOfHalf", nets["VGG16"], "parameters") == 1
    shares = js("architectures", "barsOf", nets["ResNet50"], "multiply_adds")
    assert sum(shares) == pytest.approx(1)
    assert re.match("VGG16 has 5.4 times the parameters and", js("architectures", "comparedInWords", [
        {"name": name, "blocks": blocks, "place": 0} for name, blocks in nets.items()
    ]))  # fmt: skip


@pytest.mark.parametrize(
    "nets",
    [
        {},
        {"mine": []},
        {"mine": 3},
        {"mine": [{"name": "conv"}]},
        {"mine": [*small(2), "dense"]},
        {f"net {i}": small(2) for i in range(13)},
    ],
)
def test_refuses_what_is_no_network(nets: Any) -> None:
    with pytest.raises(t.TraitError, match="nets must be a dict of 1 to 12 networks"):
        explorables.Architectures(nets=nets)


def test_refuses_a_shape_that_is_not_fixed() -> None:
    layers = [keras.Input((None, None, 1)), keras.layers.Conv2D(2, 3)]
    blocks = counting.ledger(keras.Sequential(layers)).blocks()
    with pytest.raises(t.TraitError, match="whose shapes are fixed"):
        explorables.Architectures(nets={"mine": blocks})


def test_refuses_a_name_of_no_network() -> None:
    with pytest.raises(t.TraitError, match=r"upper must be one of mine\. Received: 'VGG16'"):
        explorables.Architectures(nets={"mine": small(2)}, upper="VGG16")


def test_is_made_of_what_it_shows() -> None:
    figure = explorables.Architectures()
    again = explorables.Architectures(**figure.state)
    assert again.state == figure.state


def test_every_number_fits_a_narrow_phone(open_page: Any, pages: Any) -> None:
    page: Page
    page, _ = open_page(pages.url, pages.write(explorables.Architectures().to_html()), width=320)
    scroller = page.locator("[data-explorable=architectures] .lx-scroller")
    expect(scroller).to_be_visible()
    assert scroller.evaluate("(e) => e.scrollWidth <= e.clientWidth")
