"""What holds for every figure: it fits, is reached by keyboard, says what it is, and Reset brings everything back."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets as t
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from lessons_lib import data, explorables
from lessons_lib.explorables.base import WIDTHS, Grid

FIGURES = {name.lower(): figure for name, figure in explorables.figures().items()}
EVERY = pytest.mark.parametrize("name", FIGURES)
OpenPage = Callable[..., tuple[Page, list[str]]]
# Fonts differ from machine to machine, and a line more or less moves nothing much.
TOLERANCE = 0.08
# Firefox before 119 has no properties for roles and labels: a program that sets them there sets nothing.
FORGET_REFLECTION = """for (const name of Object.getOwnPropertyNames(Element.prototype))
  if (name === "role" || name.startsWith("aria")) delete Element.prototype[name];"""
# What a screen reader gets.
ATTRIBUTES = """(root) => [...root.querySelectorAll("*")].map((e) =>
  [e.tagName, e.getAttribute("role"), e.getAttribute("aria-label"), e.getAttribute("aria-live"),
   e.getAttribute("aria-pressed"), e.getAttribute("aria-hidden")].join())"""
CLASSES = "(root) => [...new Set([...root.querySelectorAll('[class]')].flatMap((e) => [...e.classList]))]"
LABELS = """(grid) => [...grid.children].map((row) =>
  [...row.children].map((cell) => cell.getAttribute("aria-label")))"""
PLACE = re.compile(r"row (−?\d+), column (−?\d+)")
# The controls of the page by their numbers; in a grid, the Tab key reaches one cell.
CONTROLS = """() => {
  window.controls = [...document.querySelectorAll("button:enabled, select:enabled, input:not([hidden]), [role=grid]")];
  window.reached = new Set();
  addEventListener("focusin", ({ target }) => {
    const isReached = (e) => e === target || (e.matches("[role=grid]") && e.contains(target));
    window.controls.filter(isReached).forEach((e) => window.reached.add(e));
  });
}"""
MISSED = "() => controls.filter((e) => !reached.has(e)).map((e) => e.outerHTML.slice(0, 120))"
# What moves by itself; a bar that follows its number is no such thing.
RUNNING = "(root) => root.getAnimations({ subtree: true }).filter((a) => !(a instanceof CSSTransition)).length"
# Where the parts of one step lie: the controls, what they act on, and what comes of it.
STEP = """(root) => Object.fromEntries(["control", "input", "result"].map((part) => [part,
  [...root.querySelectorAll(`[data-step=${part}]`)].filter((e) => e.getClientRects().length)
    .map((e) => { const box = e.getBoundingClientRect(); return [box.top, box.bottom]; })]))"""
# Letters in a picture are as large as its scale makes them.
LETTERS = """(root) => [...root.querySelectorAll("svg text")].filter((e) => e.getClientRects().length)
  .map((e) => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a)"""
# The pictures of a figure whose colours the browser may change, and the shades of its grids that it has changed.
FORCED = """(root) => {
  const own = (e) => getComputedStyle(e).forcedColorAdjust;
  const pictures = [...root.querySelectorAll(".lx-grid, svg, canvas, .lx-bar, .lx-swatch, [class$='-key']")];
  const cells = [...root.querySelectorAll("[role=gridcell]")].filter((cell) => cell.style.background);
  return [...pictures.filter((e) => own(e) !== "none").map((e) => e.getAttribute("class")),
    ...cells.filter((e) => getComputedStyle(e).backgroundColor !== e.style.backgroundColor).map((e) => e.ariaLabel)];
}"""
# The lists to choose from whose longest entry is cut off.
# The controls of a figure that are less than 24 px wide or high (WCAG 2.2, 2.5.8); a box to tick has a label to press.
SMALL = """(root) => [...root.querySelectorAll("button, select, input:not([type=range])")]
    .filter((e) => !["checkbox", "radio"].includes(e.type) && e.checkVisibility())
    .map((e) => [e.className || e.textContent, e.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.width < 23.9 || box.height < 23.9))
    .map(([name, box]) => `${name}: ${box.width}×${box.height}`)"""
# The words of titles, heads and controls that stand on two lines, and the titles that are wider than their place.
BROKEN = r"""(root) => [...root.querySelectorAll(".lx-panel-title, th, button, label, legend")]
    .filter((e) => e.checkVisibility())
    .flatMap((e) => {
      const texts = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
      const broken = e.matches("p") && e.scrollWidth > e.clientWidth ? [`${e.textContent} is too long`] : [];
      while (texts.nextNode()) {
        const text = texts.currentNode;
        for (const { index, 0: word } of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
          const range = new Range();
          range.setStart(text, index);
          range.setEnd(text, index + word.length);
          if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) broken.push(word);
        }
      }
      return broken;
    })"""
CUT = """(root) => [...root.querySelectorAll("select")].filter((list) => {
  const { maxWidth, minWidth, width, flex } = list.style;
  const shown = list.getBoundingClientRect().width;
  Object.assign(list.style, { maxWidth: "none", minWidth: "max-content", width: "max-content", flex: "none" });
  const whole = list.getBoundingClientRect().width;
  Object.assign(list.style, { maxWidth, minWidth, width, flex });
  return shown < whole - 1;
}).map((list) => list.labels[0]?.textContent)"""
# The places of a figure's parts when it has started, and the parts that are elsewhere now.
NOTE_PLACES = """
window.topOf = (e) => e.getBoundingClientRect().top;
window.placesOf = (root) => [...root.children].map((part) =>
  part.checkVisibility() ? Math.round(topOf(part) - topOf(root)) : NaN);
window.places = new Map();
new MutationObserver(() => {
  for (const root of document.querySelectorAll(".mounted")) if (!places.has(root)) places.set(root, placesOf(root));
}).observe(document, { subtree: true, attributeFilter: ["class"] });
"""
MOVED = """() => [...places].flatMap(([root, before]) => placesOf(root).flatMap((top, at) =>
  Math.abs(top - before[at]) > 2
    ? [`${root.dataset.explorable}: ${root.children[at].className} from ${before[at]} to ${top}`] : []))"""
PHONE = {"width": 390, "height": 844}
# What the top of a page may cover on a phone.
BAR = 48
NAMES = (
    "(root) => [...root.querySelectorAll('select, input')].map((e) => e.labels.length || e.getAttribute('aria-label'))"
)
GALLERY = f"<script>{NOTE_PLACES}</script>" + "".join(figure().to_html() for figure in FIGURES.values())


def whole(text: str) -> int:
    """Return a number as a figure writes it."""
    return int(text.replace("−", "-"))


def own_values(figure: Any) -> dict[str, Any]:
    """Return what the figure's own test file says of other values of its traits, as ANOTHER."""
    path = Path(__file__).with_name(f"test_{figure.module_name()}.py")
    spec = importlib.util.spec_from_file_location(f"own_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, "ANOTHER", {})


def another(figure: Any, name: str) -> Any:
    """Return a value of a trait that differs from the figure's own and that Python accepts."""
    trait, value, known = type(figure).class_traits()[name], getattr(figure, name), own_values(figure)
    if name in known:
        return known[name]
    if isinstance(trait, t.Enum):
        return next(option for option in trait.values if option != value)
    if isinstance(trait, t.Bool):
        return not value
    if isinstance(trait, t.Int | t.Float):
        return value + 1 if trait.max is None else trait.max if value != trait.max else trait.min
    if isinstance(trait, Grid):
        return np.full(np.shape(value), max(trait.low, 0)).tolist()
    return pytest.fail(f"test_{figure.module_name()}.py must give another value of {name} in its ANOTHER")


def settable(figure: Any) -> list[str]:
    """Return the names of the traits that a reader or a cell can change."""
    return [name for name in figure.state if not type(figure).class_traits()[name].read_only]


@EVERY
def test_reset_brings_every_trait_back_and_stops_what_runs(mount: Any, name: str) -> None:
    figure = FIGURES[name]()
    page = mount(name, figure.state)
    reset = page.button("Reset")
    for trait in settable(figure):
        value = another(figure, trait)
        FIGURES[name](**{trait: value})  # Python accepts it
        page.change(trait, value)
        assert page.changed == [trait]
        reset.click()
        assert page.changed == [], f"after a change of {trait}"
    for button in page.root.locator("button:enabled").all():
        label = button.inner_text()
        button.click()
        page.page.wait_for_timeout(50)
        reset.dispatch_event("click")  # a mouse would wait until what moves has come to rest
        page.settle()
        assert page.changed == [], f"after the button {label}"
        assert page.root.evaluate(RUNNING) == 0, f"something still moves after the button {label}"
        expect(page.button("Pause")).to_have_count(0)
    page.page.wait_for_timeout(400)
    assert page.changed == [], "something still runs"


@EVERY
def test_reset_goes_back_to_what_the_cell_has_set(mount: Any, name: str) -> None:
    figure = FIGURES[name]()
    changes: dict[str, Any] = {}
    for trait in settable(figure):
        wanted = changes | {trait: another(figure, trait)}
        with suppress(t.TraitError):  # some traits exclude each other
            FIGURES[name](**wanted)
            changes = wanted
    assert changes
    # In Jupyter a page that is loaded anew meets the model as it is by now.
    page = mount(name, {**figure.state, **changes, "_start": figure._start})
    assert sorted(page.changed) == sorted(changes)
    page.button("Reset").click()
    assert page.changed == []


@pytest.fixture
def gallery(open_body: Callable[..., Page]) -> Callable[..., tuple[Page, dict[str, Locator]]]:
    """Give a function that opens a page with every figure, and waits until all have started."""

    def gallery(width: int = 1280) -> tuple[Page, dict[str, Locator]]:
        page = open_body(GALLERY, width=width)
        return page, started(page)

    return gallery


def started(page: Page) -> dict[str, Locator]:
    """Start every figure of a page, and return their elements by name."""
    roots = {name: page.locator(f"[data-explorable={name}]") for name in FIGURES}
    for root in roots.values():
        root.scroll_into_view_if_needed()
        expect(root).to_have_class(re.compile("mounted"))
    return roots


def test_every_control_is_reached_by_the_tab_key_alone(gallery: Any) -> None:
    page, roots = gallery()
    page.evaluate(CONTROLS)
    for _ in range(page.evaluate("controls.length") // 20 + 10):
        for _ in range(20):
            page.keyboard.press("Tab")
        if page.evaluate("reached.size === controls.length"):
            break
    assert page.evaluate(MISSED) == []
    for name, root in roots.items():
        assert all(root.evaluate(NAMES)), f"{name} has a control without a name"


def test_each_cell_says_where_it_is(gallery: Any) -> None:
    _, roots = gallery()
    for name, root in roots.items():
        for grid in root.get_by_role("grid").all():
            places = [[PLACE.match(label) for label in row] for row in grid.evaluate(LABELS)]
            assert all(place for row in places for place in row), name
            numbers = np.array([[[whole(text) for text in place.groups()] for place in row] for row in places])
            wanted = np.stack(np.indices(numbers.shape[:2]), axis=-1)
            np.testing.assert_array_equal(numbers - numbers[0, 0], wanted, err_msg=name)
            assert grid.get_attribute("aria-label"), name


def test_roles_and_names_do_not_need_new_browsers(gallery: Any, browser: Browser, pages: Any) -> None:
    _, roots = gallery()
    with browser.new_context(viewport={"width": 1280, "height": 900}) as old:
        old.add_init_script(FORGET_REFLECTION)
        page = old.new_page()
        page.goto(pages.url + pages.write(GALLERY))
        for name, root in started(page).items():
            assert root.evaluate(ATTRIBUTES) == roots[name].evaluate(ATTRIBUTES), name


def test_classes_carry_the_prefix(gallery: Any) -> None:
    _, roots = gallery()
    for name, root in roots.items():
        assert set(root.get_attribute("class").split()) == {"explorable", "mounted", name}
        # Two plain names stay, for those who look for the sentence of a figure or for the number of an answer.
        assert {part for part in root.evaluate(CLASSES) if not part.startswith("lx-")} <= {"sentence", "number"}, name


@pytest.mark.parametrize("width", WIDTHS)
def test_figures_fit_stay_as_they_start_and_are_as_high_as_their_classes_say(gallery: Any, width: int) -> None:
    page, roots = gallery(width)
    # Overfit trains its first network in sight of the reader.
    expect(roots["overfit"].locator(".sentence")).to_contain_text("Epoch 1000")
    assert page.evaluate(MOVED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    problems = []
    for name, root in roots.items():
        across, room = root.evaluate("(root) => [root.scrollWidth, root.clientWidth]")
        if across > room:
            problems.append(f"{name} is {across} px wide in {room}")
        height = round(root.bounding_box()["height"])
        wanted = dict(zip(WIDTHS, FIGURES[name].heights, strict=True))[width]
        if height != pytest.approx(wanted, rel=TOLERANCE):
            problems.append(f"write {height} for {width} px into the heights of {name}, in place of {wanted}")
    assert problems == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_button_is_large_enough_for_a_finger(gallery: Any, width: int) -> None:
    _, roots = gallery(width=width)
    assert {name: small for name, root in roots.items() if (small := root.evaluate(SMALL))} == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_is_broken_in_a_title_or_on_a_control(gallery: Any, width: int) -> None:
    _, roots = gallery(width=width)
    assert {name: words for name, root in roots.items() if (words := root.evaluate(BROKEN))} == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_entry_of_a_list_is_cut_off(gallery: Any, width: int) -> None:
    _, roots = gallery(width=width)
    assert {name: cut for name, root in roots.items() if (cut := root.evaluate(CUT))} == {}


def test_room_is_kept_free_before_the_figures_start(browser: Browser, pages: Any) -> None:
    page = browser.new_page()
    page.route("**/*.js", lambda route: route.abort())
    page.goto(pages.url + pages.write(GALLERY))
    for at, width in enumerate(WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        for name, figure in FIGURES.items():
            assert page.locator(f"[data-explorable={name}]").bounding_box()["height"] == figure.heights[at], name
    page.close()


def test_two_of_a_kind_stay_independent_and_a_broken_one_leaves_the_others_alone(
    pages: Any, open_page: OpenPage
) -> None:
    sound = explorables.Pooling().to_html()
    broken = '<div data-explorable="pooling"><script type="application/json">{"image": 3}</script></div>'
    page, problems = open_page(pages.url, pages.write(sound + broken + sound))
    roots = page.locator("[data-explorable=pooling]")
    roots.nth(2).scroll_into_view_if_needed()
    expect(roots.nth(2).get_by_label("Window")).to_be_visible()
    expect(roots.nth(1).get_by_role("alert")).to_contain_text("This figure could not start")
    roots.nth(0).get_by_label("Window").select_option("4")
    expect(roots.nth(0).get_by_text("Output, 6×6")).to_be_visible()
    expect(roots.nth(2).get_by_text("Output, 7×7")).to_be_visible()
    assert problems == []


def test_without_javascript_there_is_a_sentence(browser: Browser, pages: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages.url + pages.write(explorables.Convolution().to_html()))
    expect(page.locator("[data-explorable=convolution]")).to_contain_text("to use this figure")
    context.close()


def test_a_figure_that_was_never_seen_is_printed(pages: Any, open_page: OpenPage) -> None:
    busy = "<script>requestIdleCallback = () => 0</script>"  # nothing starts before it is seen
    body = busy + '<div style="height: 9000px"></div>' + explorables.Neuron().to_html()
    page, _ = open_page(pages.url, pages.write(body))
    root: Locator = page.locator("[data-explorable=neuron]")
    expect(root).not_to_have_class(re.compile("mounted"))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert root.locator("table").count() == 2  # at once: the browser prints right after the event


@pytest.fixture
def phone(browser: Browser, pages: Any) -> Iterator[Page]:
    """Open a page with every figure on a phone."""
    with browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(pages.url + pages.write(GALLERY))
        yield page


def test_one_step_is_in_view_together_on_a_phone(phone: Page) -> None:
    problems = []
    for name, root in started(phone).items():
        parts = root.evaluate(STEP)
        assert all(parts.values()), f"{name} must name its parts by oneStep: {parts}"
        edges = [edge for boxes in parts.values() for box in boxes for edge in box]
        if max(edges) - min(edges) > PHONE["height"] - BAR:
            problems.append(f"{name} takes {max(edges) - min(edges):.0f} px: {parts}")
    assert problems == []


def test_letters_in_pictures_can_be_read_on_a_phone(phone: Page) -> None:
    sizes = {name: root.evaluate(LETTERS) for name, root in started(phone).items()}
    assert any(sizes.values())
    assert {name: min(letters) for name, letters in sizes.items() if letters and min(letters) < 9} == {}


def test_a_swipe_over_a_grid_scrolls_the_page_and_chooses_nothing(phone: Page) -> None:
    touch = phone.context.new_cdp_session(phone)
    for name, root in started(phone).items():
        for grid in root.locator(".lx-grid:not(.lx-strokes)").all():
            # Below its middle there is enough of the page for the finger to go.
            grid.evaluate("(grid) => scrollTo(0, grid.getBoundingClientRect().top + scrollY - 300)")
            phone.wait_for_timeout(50)
            box = grid.bounding_box()
            assert box is not None
            before = (root.text_content(), root.evaluate("(root) => root.innerHTML.length"))
            at = phone.evaluate("scrollY")
            start = {"x": box["x"] + box["width"] * 0.3, "y": box["y"] + box["height"] * 0.6}
            for step in range(9):
                point = start | {"y": start["y"] + 15 * step}
                touch.send(
                    "Input.dispatchTouchEvent",
                    {"type": "touchMove" if step else "touchStart", "touchPoints": [point]},
                )
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            assert phone.evaluate("scrollY") < at - 40, f"{name}, {grid.get_attribute('aria-label')}"
            assert (root.text_content(), root.evaluate("(root) => root.innerHTML.length")) == before, name


def test_pictures_keep_their_colours_where_colours_are_forced(browser: Browser, pages: Any) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}, forced_colors="active") as context:
        page = context.new_page()
        page.goto(pages.url + pages.write(GALLERY))
        assert {name: lost for name, root in started(page).items() if (lost := root.evaluate(FORCED))} == {}


def test_a_share_of_softmax_is_called_a_probability(gallery: Any) -> None:
    _, roots = gallery()
    for name, root in roots.items():
        said = root.inner_text() + " ".join(filter(None, root.evaluate(ATTRIBUTES)))
        assert not re.search("score", said, re.IGNORECASE), name


@pytest.mark.parametrize(("name", "grid"), [("convolution", "Input image"), ("pooling", "Input image")])
def test_a_picture_of_one_s_own_takes_the_place_of_the_image(open_figure: Any, name: str, grid: str) -> None:
    figure = open_figure(name)
    before = figure.values(grid)
    down, across = np.mgrid[:300, :400] / [[[300]], [[400]]]
    colours = np.uint8(255 * np.stack([down, across, 1 - down], axis=-1))
    file = BytesIO()
    Image.fromarray(colours).save(file, "PNG")
    picture = {"name": "mine.png", "mimeType": "image/png", "buffer": file.getvalue()}
    figure.root.locator("input[type=file]").first.set_input_files(picture)
    expect(figure.root.locator(".lx-steps")).to_contain_text("mine.png has 300 × 400 pixels")
    expect(figure.root.locator(".lx-steps")).to_contain_text("Grey: 0.299 · red + 0.587 · green + 0.114 · blue")
    figure.settle()
    small = Image.fromarray(colours).resize((28, 21), Image.Resampling.BOX)
    np.testing.assert_allclose(figure.values(grid), data.grey(np.asarray(small) / 255)[..., 0], atol=0.02)
    picture["buffer"] = b"no picture"
    figure.root.locator("input[type=file]").first.set_input_files(picture)
    expect(figure.root.get_by_text("Received: mine.png, image/png, 10 bytes.")).to_be_visible()
    figure.button("Reset").click()
    np.testing.assert_array_equal(figure.values(grid), before)
    expect(figure.root.locator(".lx-steps")).to_be_hidden()
