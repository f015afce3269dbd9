"""The figure Pixels: the numbers of each pixel and their grey."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from lessons_lib import data, explorables

ANOTHER = {"digit": np.zeros((28, 28, 3), int).tolist(), "photograph": np.zeros((28, 42, 3), int).tolist()}


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def test_makes_grey_as_the_package_does(js: Callable[..., Any]) -> None:
    for pixel in np.random.default_rng(0).integers(0, 256, size=(20, 3)):
        expected = data.grey(pixel[None, None] / 255).item() * 255
        assert js("ownpicture", "grey", pixel.tolist()) == pytest.approx(expected, abs=1e-4)


def test_draws_one_channel_and_turns_black_into_white(js: Callable[..., Any]) -> None:
    assert js("pixels", "shade", [10, 200, 30], "green", "black") == {"color": "rgb(200 200 200)", "dark": False}
    assert js("pixels", "shade", [10, 200, 30], "all", "black")["color"] == "rgb(10 200 30)"
    assert js("pixels", "shade", [0, 0, 0], "grey", "white") == {"color": "rgb(255 255 255)", "dark": False}


def test_reads_a_pixel_by_mouse_and_by_keyboard(root: Locator) -> None:
    state = explorables.Pixels().state
    whole = root.get_by_role("grid", name="All pixels")
    box = whole.bounding_box()
    assert box is not None
    whole.click(position={"x": box["width"] * 10.5 / 28, "y": box["height"] * 12.5 / 28})
    expect(words(root)).to_contain_text(f"image[12, 10] is {state['digit'][12][10][0]}.")
    root.page.keyboard.press("ArrowRight")
    root.page.keyboard.press("ArrowDown")
    expect(words(root)).to_contain_text(f"image[13, 11] is {state['digit'][13][11][0]}.")
    root.get_by_role("combobox", name="Numbers").select_option("0…1")
    expect(words(root)).to_contain_text(f"is {state['digit'][13][11][0] / 255:.2f}.")


def test_the_sum_of_rounded_numbers_is_not_called_equal(root: Locator) -> None:
    root.get_by_role("combobox", name="Picture").select_option("photograph")
    expect(words(root)).to_contain_text(re.compile(r"0\.114 · \d+ = \d"))
    root.get_by_role("combobox", name="Numbers").select_option("0…1")
    expect(words(root)).to_contain_text(re.compile(r"0\.114 · \d\.\d\d ≈ \d"))


def test_takes_a_photograph_apart(root: Locator) -> None:
    red, green, blue = explorables.Pixels().state["photograph"][14][14]
    expect(root.get_by_role("combobox", name="Show")).to_be_hidden()
    root.get_by_role("combobox", name="Picture").select_option("photograph")
    expect(root.get_by_text("28 rows × 42 columns × 3 channels")).to_be_visible()
    expect(words(root)).to_contain_text(f"image[14, 14] is [{red}, {green}, {blue}]")
    root.get_by_role("combobox", name="Show").select_option("blue")
    middle = root.get_by_role("grid", name="Close up").get_by_role("gridcell").nth(12)
    expect(middle).to_have_text(str(blue))
    assert middle.evaluate("(cell) => cell.style.background").startswith(f"rgb({blue}, {blue}, {blue})")


def test_close_up_chooses_the_cell_that_is_pressed(root: Locator) -> None:
    close_up = root.get_by_role("grid", name="Close up")
    close_up.get_by_role("gridcell").nth(14).click()
    expect(words(root)).to_contain_text("image[14, 16]")
    close_up.locator("[tabindex='0']").press("ArrowLeft")
    expect(words(root)).to_contain_text("image[14, 15]")


def test_a_grey_pixel_s_luma_is_the_pixel(js: Callable[..., Any]) -> None:
    assert [js("ownpicture", "grey", [value] * 3) for value in range(256)] == list(range(256))


def test_grids_hold_the_numbers_of_each_channel(figure: Any) -> None:
    photograph = np.array(figure.state["photograph"])
    figure.choose("Picture", "photograph")
    for index, channel in enumerate(("red", "green", "blue")):
        figure.choose("Show", channel)
        np.testing.assert_array_equal(figure.values("All pixels"), photograph[..., index])
        np.testing.assert_array_equal(figure.numbers("Close up"), photograph[12:17, 12:17, index])
    figure.choose("Numbers", "0…1")
    np.testing.assert_allclose(figure.values("All pixels"), photograph[..., 2] / 255, atol=0.006)
    rows = figure.root.locator("tbody tr").all_inner_texts()
    numbers = [float(row.split("\t")[1]) for row in rows]
    pixel = photograph[14, 14] / 255
    assert numbers == pytest.approx([*pixel, float(pixel @ [0.299, 0.587, 0.114])], abs=0.006)


# A picture of the reader's own --------------------------------------------------------------------------------------


def file_of(image: Image.Image, kind: str, **options: Any) -> FilePayload:
    """Return a picture as a file of a kind, as a reader chooses it."""
    file = BytesIO()
    image.save(file, kind, **options)
    return {"name": f"mine.{kind.lower()}", "mimeType": f"image/{kind.lower()}", "buffer": file.getvalue()}


def give(root: Locator, file: FilePayload) -> None:
    root.locator("input[type=file]").first.set_input_files(file)


def coloured(rows: int, columns: int) -> np.ndarray:
    """Return a picture of smooth, different colours: (rows, columns, 3), 0…255."""
    down, across = np.mgrid[:rows, :columns] / [[[rows]], [[columns]]]
    return np.uint8(255 * np.stack([down, across, (1 - down) * across], axis=-1))


def means(picture: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Return the means of equal parts of a picture, by matrices of how much of each pixel lies in each part."""

    def overlap(length: int, count: int) -> np.ndarray:
        edges = np.arange(count + 1) * length / count
        pixels = np.arange(length)
        inside = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
        return np.clip(inside, 0, None) * count / length

    down, across = overlap(picture.shape[0], rows), overlap(picture.shape[1], columns)
    return np.einsum("ir,rck,jc->ijk", down, picture.astype(float), across, optimize=True)


def own_picture(figure: Any) -> np.ndarray:
    """Return the numbers of the picture that the figure shows, channel by channel."""
    channels = []
    for channel in ("red", "green", "blue"):
        figure.choose("Show", channel)
        channels.append(figure.values("All pixels"))
    return np.stack(channels, axis=-1)


@pytest.mark.parametrize(
    ("shape", "grid", "said"),
    [
        ((300, 400), (32, 42), "each pixel is the mean of the 9.4 × 9.5 under it"),
        ((20, 30), (20, 30), "no pixel is changed"),
        ((2, 3), (6, 9), "each pixel is repeated"),
        ((40, 50), (34, 42), "mean of the 1.2 × 1.2"),
        ((1500, 2000), (32, 42), "2,000 pixels (rows × columns), 3,000,000 in all"),
    ],
)
def test_a_picture_of_one_s_own_is_scaled_to_the_grid(
    figure: Any, shape: tuple[int, int], grid: tuple[int, int], said: str
) -> None:
    picture = coloured(*shape)
    give(figure.root, file_of(Image.fromarray(picture), "PNG"))
    expect(figure.chooser("Picture")).to_have_value("your own")
    expect(figure.root.locator(".lx-steps")).to_contain_text(said)
    np.testing.assert_allclose(own_picture(figure), means(picture, *grid), atol=0.51)
    figure.choose("Picture", "digit")
    assert figure.values("All pixels").shape == (28, 28)
    expect(figure.root.locator(".lx-steps")).to_be_hidden()
    figure.choose("Picture", "your own")
    assert figure.values("All pixels").shape == grid
    figure.button("Reset").click()
    assert figure.values("All pixels").shape == (28, 28)
    assert "your own" not in figure.chooser("Picture").inner_text()


def test_a_long_picture_is_cut_to_its_middle(figure: Any) -> None:
    picture = coloured(40, 400)
    give(figure.root, file_of(Image.fromarray(picture), "PNG"))
    expect(figure.root.locator(".lx-steps")).to_contain_text("It is cut to the 40 × 120 pixels in its middle.")
    np.testing.assert_allclose(own_picture(figure), means(picture[:, 140:260], 14, 42), atol=0.51)


def test_a_photograph_stands_as_its_file_says_and_not_as_it_is_stored(figure: Any) -> None:
    picture, turned = coloured(30, 40), Image.Exif()
    turned[0x0112] = 6  # the top of the picture is at the right of what is stored
    file = file_of(Image.fromarray(picture), "JPEG", exif=turned, quality=100, subsampling=0)
    give(figure.root, file)
    expect(figure.root.locator(".lx-steps")).to_contain_text("40 × 30 pixels (rows × columns)")
    np.testing.assert_allclose(own_picture(figure), np.rot90(picture, -1), atol=6)


def test_what_is_transparent_lies_on_white(figure: Any) -> None:
    picture = np.zeros((20, 20, 4), np.uint8)
    picture[:10] = [0, 0, 200, 255]
    picture[10:] = [0, 0, 0, 128]
    give(figure.root, file_of(Image.fromarray(picture), "PNG"))
    expect(figure.root.locator(".lx-steps")).to_contain_text("Where it is transparent, it lies on white.")
    found = own_picture(figure)
    np.testing.assert_allclose(found[0, 0], [0, 0, 200], atol=1)
    np.testing.assert_allclose(found[15, 5], [127, 127, 127], atol=1)


def test_of_a_picture_that_moves_the_first_frame_is_shown(figure: Any) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("#ff0000", "#00ff00", "#0000ff")]
    give(figure.root, file_of(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=40))
    expect(figure.root.locator(".lx-steps")).to_contain_text("If it moves, this is its first frame.")
    figure.page.wait_for_timeout(200)
    np.testing.assert_allclose(own_picture(figure)[10, 10], [255, 0, 0], atol=1)


def test_a_grey_picture_has_one_channel(figure: Any) -> None:
    give(figure.root, file_of(Image.fromarray(coloured(20, 20)[..., 0]), "PNG"))
    expect(figure.root.get_by_text("20 rows × 20 columns × 1 channel")).to_be_visible()
    expect(figure.chooser("Show")).to_be_hidden()
    expect(words(figure.root)).to_contain_text("Row 10, column 10, counted from 0: image[10, 10] is 127.")


@pytest.mark.parametrize(
    ("file", "received"),
    [
        ({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"}, "notes.txt, text/plain, 5 bytes"),
        (
            {"name": "half.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0"},
            "half.jpg, image/jpeg, 4 bytes",
        ),
        ({"name": "empty.png", "mimeType": "image/png", "buffer": b""}, "empty.png, image/png, 0 bytes"),
        ({"name": "what", "mimeType": "", "buffer": b"?"}, "what, "),
    ],
)
def test_what_is_no_picture_is_refused_in_words_and_changes_nothing(
    figure: Any, file: FilePayload, received: str
) -> None:
    give(figure.root, file_of(Image.fromarray(coloured(20, 20)), "PNG"))
    expect(figure.root.locator(".lx-steps")).to_be_visible()
    before = figure.values("All pixels")
    give(figure.root, file)
    note = figure.root.locator(".lx-own .lx-note")
    expect(note).to_contain_text("A picture must be a file that your browser can show")
    expect(note).to_contain_text(f"Received: {received}")
    np.testing.assert_array_equal(figure.values("All pixels"), before)
    figure.button("Reset").click()
    expect(note).to_be_hidden()


def test_a_picture_is_dropped_on_the_figure(figure: Any) -> None:
    file = file_of(Image.fromarray(coloured(20, 20)), "PNG")
    figure.root.evaluate(
        """(root, bytes) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" }));
            const event = (name) => new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true });
            const place = root.querySelector("[role=grid]");
            if (place.dispatchEvent(event("dragover"))) throw new Error("the browser would open the file");
            place.dispatchEvent(event("drop"));
        }""",
        list(file["buffer"]),
    )
    expect(figure.root.locator(".lx-steps")).to_contain_text("dropped.png has 20 × 20 pixels")
    expect(figure.root).not_to_have_class(re.compile("lx-dropping"))


def test_a_picture_is_chosen_by_keyboard_and_nothing_is_sent(figure: Any) -> None:
    asked: list[str] = []
    figure.page.on("request", lambda request: asked.append(request.url))
    chooser = figure.button("Choose a picture of your own")
    with figure.page.expect_file_chooser() as opened:
        chooser.press("Enter")
    opened.value.set_files(file_of(Image.fromarray(coloured(20, 20)), "PNG"))
    expect(figure.root.locator(".lx-steps")).to_be_visible()
    expect(chooser).to_be_focused()
    expect(figure.root.get_by_text("It stays in this browser: nothing is sent.")).to_be_visible()
    assert asked == []


def test_a_picture_of_one_s_own_is_no_trait(mount: Callable[..., Any]) -> None:
    """In a notebook, the traits of a figure are sent to Python."""
    figure = mount("pixels", explorables.Pixels().state)
    give(figure.root, file_of(Image.fromarray(coloured(20, 20)), "PNG"))
    expect(figure.root.locator(".lx-steps")).to_be_visible()
    assert set(figure.changed) <= {"row", "column"}
    figure.change("picture", "photograph")
    expect(figure.chooser("Picture")).to_have_value("photograph")


def test_where_there_is_a_camera_the_figure_takes_a_photograph(figure: Any, open_body: Callable[..., Page]) -> None:
    expect(figure.button("Take a photograph")).to_have_count(0)
    page = open_body("")
    page.add_init_script("HTMLInputElement.prototype.capture = ''")
    page.goto(figure.page.url)
    root = page.locator("[data-explorable=pixels]")
    root.scroll_into_view_if_needed()
    with page.expect_file_chooser() as opened:
        root.get_by_role("button", name="Take a photograph").click()
    assert opened.value.element.get_attribute("capture") == "environment"
    opened.value.set_files(file_of(Image.fromarray(coloured(20, 20)), "PNG"))
    expect(root.locator(".lx-steps")).to_be_visible()
