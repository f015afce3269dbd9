"""An explorable in a real JupyterLab: the figure and Python share its traits, and Lab leaves its keys alone."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from lessons_lib import explorables

CELLS = [
    "from lessons_lib.explorables import Pooling\nfigure = Pooling()\nfigure",
    "print('the window in Python is', figure.pool_size)",
    "figure.pool_size = 3",
    "from IPython.display import display\nfrom lessons_lib import explorables\n"
    "figures = [kind() for kind in explorables.figures().values()]\nfor each in figures:\n    display(each)",
    "from lessons_lib.exercises import Exercise\nExercise('map_size')",
    "from lessons_lib.exercises import check\ndef fold(W1, b1, W2, b2): ...\ncheck.fold(fold)",
    "from lessons_lib.lab import Lab\nLab()",
]
PATIENCE = 120_000
# What stands before a cell that has run.
RUN = re.compile(r"\[\d+\]")


@pytest.fixture(scope="module")
def lab_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a JupyterLab on a folder with one notebook; give the notebook's address."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    notebook.metadata["kernelspec"] = {"display_name": "Python 3 (ipykernel)", "name": "python3"}
    nbformat.write(notebook, folder / "figure.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = uuid.uuid4().hex
    options = [f"--ServerApp.port={port}", f"--IdentityProvider.token={token}", "--no-browser", "--allow-root"]
    environment = {
        **os.environ,
        "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"),
        "JUPYTER_CONFIG_DIR": str(folder),
    }
    environment["JUPYTERLAB_WORKSPACES_DIR"] = str(folder / ".workspaces")
    command = [Path(sys.executable).with_name("jupyter"), "lab", *options]
    process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                with urlopen(f"http://127.0.0.1:{port}/api/status?token={token}") as answer:
                    json.load(answer)
                break
            except URLError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/lab/tree/figure.ipynb?token={token}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def lab(browser: Browser, lab_url: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.goto(lab_url)
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(len(CELLS), timeout=PATIENCE)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=PATIENCE)
    run_menu(page, "Run", "Run All Cells")
    yield page
    page.close()


def run_menu(page: Page, menu: str, item: str) -> None:
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def reload(page: Page) -> None:
    """Load the page again, as often as a reader on a busy computer has to: Lab asks the kernel for 4 s only."""
    for _ in range(5):
        page.reload()
        lost = page.get_by_text("Error displaying widget").first
        expect(figure_of(page).or_(lost).first).to_be_visible(timeout=PATIENCE)
        if figure_of(page).is_visible():
            break


def figure_of(page: Page) -> Locator:
    return page.locator(".jp-CodeCell").first.locator(".jp-OutputArea-output [data-explorable=pooling]")


def in_python(page: Page) -> str:
    """Run the second cell again and return what it prints."""
    cell = page.locator(".jp-CodeCell").nth(1)
    prompt = cell.locator(".jp-InputPrompt")
    expect(prompt).to_have_text(RUN, timeout=PATIENCE)
    before = prompt.inner_text()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(prompt).not_to_have_text(before)
    expect(prompt).to_have_text(RUN, timeout=PATIENCE)
    return cell.locator(".jp-OutputArea-output").inner_text()


def test_the_figure_appears_and_follows_python(lab: Page) -> None:
    expect(figure_of(lab).get_by_label("Window")).to_have_value("3", timeout=PATIENCE)
    expect(figure_of(lab).get_by_text("Output, 6×6")).to_be_visible()


def test_python_follows_the_figure(lab: Page) -> None:
    figure_of(lab).get_by_label("Window").select_option("4")
    assert in_python(lab).strip() == "the window in Python is 4"


def test_lab_leaves_the_figure_its_keys(lab: Page) -> None:
    sentence = figure_of(lab).locator("output.sentence")
    figure_of(lab).get_by_role("grid", name="Output").locator("[tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowRight", "Enter", "b", "a"):
        lab.keyboard.press(key)
    expect(sentence).to_contain_text("Row 2, column 5 of the output")
    expect(lab.locator(".jp-Notebook .jp-CodeCell")).to_have_count(len(CELLS))


def test_every_figure_starts_and_resets(lab: Page) -> None:
    output = lab.locator(".jp-CodeCell").nth(3).locator(".jp-OutputArea")
    for name in explorables.figures():
        root = output.locator(f"[data-explorable={name.lower()}].mounted")
        expect(root).to_have_count(1, timeout=PATIENCE)
        root.scroll_into_view_if_needed()
        before = root.inner_text()
        use_a_control(root)
        expect(root).not_to_have_text(before, use_inner_text=True)
        root.get_by_role("button", name="Reset", exact=True).click()
        expect(root).to_have_text(before, use_inner_text=True)


@pytest.mark.parametrize(
    ("name", "role", "label", "key", "said"),
    [
        ("adversary", "button", "Find the smallest step", "Enter", "The smallest step that changes the answer is"),
        ("architectures", "slider", "Block of VGG16", "Home", "VGG16, block 1 of 21"),
        ("equivariance", "grid", "The image", "ArrowRight", "Moved by 4 to the right"),
        ("latent", "slider", "Step", "Home", "is that of a 1"),
        ("overfit", "slider", "Epoch", "Home", "Epoch 0:"),
        ("why", "slider", "Random weights in", "ArrowRight", "With random weights in its dense layer"),
        ("recurrent", "button", "Step", "Enter", "15 of 28"),
        ("zeroshot", "button", "Add the class blue cross", "Enter", "Among 13 classes"),
    ],
)
def test_lab_leaves_these_figures_their_keys(lab: Page, name: str, role: Any, label: str, key: str, said: str) -> None:
    root = lab.locator(".jp-CodeCell").nth(3).locator(f"[data-explorable={name}].mounted")
    control = root.get_by_role(role, name=label, exact=True)
    (control.locator("[tabindex='0']") if role == "grid" else control).focus()
    for pressed in (key, "b", "a"):
        lab.keyboard.press(pressed)
    expect(root.locator("output.sentence").first).to_contain_text(said)
    expect(lab.locator(".jp-Notebook .jp-CodeCell")).to_have_count(len(CELLS))


def test_a_picture_of_one_s_own_is_chosen_and_dropped(lab: Page) -> None:
    root = lab.locator(".jp-CodeCell").nth(3).locator("[data-explorable=pixels].mounted")
    root.scroll_into_view_if_needed()
    file = BytesIO()
    Image.new("RGB", (20, 10), "#c81e3c").save(file, "PNG")
    picture = {"name": "red.png", "mimeType": "image/png", "buffer": file.getvalue()}
    root.locator("input[type=file]").first.set_input_files(picture)
    expect(root.get_by_text("red.png has 10 × 20 pixels")).to_be_visible(timeout=PATIENCE)
    root.evaluate(
        """(root, bytes) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" }));
            for (const name of ["dragenter", "dragover", "drop"])
                root.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        list(file.getvalue()),
    )
    expect(root.get_by_text("dropped.png has 10 × 20 pixels")).to_be_visible(timeout=PATIENCE)
    root.get_by_role("button", name="Reset", exact=True).click()
    expect(root.get_by_text("dropped.png")).to_be_hidden()


def use_a_control(root: Locator) -> None:
    """Choose the last option of the first and of the last select; without a select, press a button.

    It is the first that is not pressed already. A speed says nothing before something plays.
    """
    selects = root.locator("label").filter(has_not_text="Speed").locator("select")
    if not selects.count():
        root.locator("button:not([aria-pressed=true])").filter(has_not_text=re.compile("^Reset$")).first.click()
    for select in (selects.first, selects.last) if selects.count() else ():
        select.select_option(index=select.locator("option").count() - 1)


def test_enter_submits_an_answer(lab: Page) -> None:
    form = lab.locator(".jp-CodeCell").nth(4).locator("form")
    form.get_by_role("textbox").fill("14")
    form.get_by_role("textbox").press("Enter")
    expect(form.get_by_text("Not yet: You rounded up.")).to_be_visible()
    expect(form.get_by_role("textbox")).to_be_focused()
    expect(form.get_by_role("textbox")).to_have_value("14")


def test_lines_in_order_are_run(lab: Page) -> None:
    output = lab.locator(".jp-CodeCell").nth(5).locator(".jp-OutputArea")
    expect(output.get_by_text("Your turn")).to_be_visible()
    for line in ("def fold(W1, b1, W2, b2):", "b = b1 @ W2 + b2", "W = W1 @ W2"):
        output.get_by_role("button", name=f"Add: {line}").press("Enter")
    handle = output.get_by_role("button", name="Move by the arrow keys, or drag: return W, b")
    handle.press("ArrowUp")
    handle.press("ArrowUp")
    output.get_by_role("button", name="Check").click()
    expect(output.get_by_text("Not yet: Line 3, return W, b, comes too early.")).to_be_visible()
    handle.press("ArrowDown")
    output.get_by_role("button", name="Check").click()
    expect(output.get_by_text("Right: I ran these lines")).to_be_visible(timeout=PATIENCE)


def laboratory_of(page: Page) -> Locator:
    return page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output")


def test_the_laboratory_trains_compares_and_stops(lab: Page) -> None:
    laboratory = laboratory_of(lab)
    laboratory.get_by_label("Epochs").select_option("3")
    laboratory.get_by_role("button", name="Train").click()
    expect(laboratory.get_by_role("button", name="Train")).to_be_disabled()
    expect(laboratory.get_by_text("Run 1 reaches 0.")).to_be_visible(timeout=2 * PATIENCE)
    expect(laboratory.get_by_role("img", name="Accuracy over the epochs")).to_be_visible()
    expect(laboratory.locator("tbody tr")).to_have_count(1)
    laboratory.get_by_label("Epochs").select_option("30")
    laboratory.get_by_label("Network").select_option("dense")
    expect(laboratory.get_by_label("Pooling")).to_be_disabled()
    # The slowest of the three leaves the time to press Stop.
    laboratory.get_by_label("Network").select_option("CNN with global pooling")
    laboratory.get_by_role("button", name="Train").press("Enter")
    # Stopped in its first epoch, it would leave no run.
    expect(laboratory.get_by_text(re.compile(r"Run 2: epoch ([2-9]|1\d) of 30"))).to_be_visible(timeout=2 * PATIENCE)
    laboratory.get_by_role("button", name="Stop").click()
    expect(laboratory.get_by_text("Run 2 reaches 0.")).to_contain_text("than run 1", timeout=2 * PATIENCE)
    epochs = laboratory.locator("tbody tr").last.locator("td").nth(2)
    assert 1 <= int(epochs.inner_text()) < 30
    laboratory.get_by_role("button", name="Forget the runs").click()
    expect(laboratory.get_by_text("All runs are forgotten")).to_be_visible()
    expect(laboratory.locator("tbody tr")).to_have_count(0)


def test_reset_goes_back_to_what_the_cell_has_set(lab: Page) -> None:
    figure_of(lab).get_by_label("Stride").select_option("4")
    expect(figure_of(lab).get_by_label("Stride")).to_have_value("4")
    with lab.expect_response(lambda answer: answer.request.method == "PUT" and "figure.ipynb" in answer.url):
        lab.get_by_role("button", name=re.compile("^Save and create checkpoint")).click()
    reload(lab)
    expect(figure_of(lab).get_by_label("Stride")).to_have_value("4", timeout=PATIENCE)
    figure_of(lab).get_by_role("button", name="Reset").click()
    expect(figure_of(lab).get_by_label("Stride")).to_have_value("2")
    expect(figure_of(lab).get_by_label("Window")).to_have_value("2")


def test_restart_and_run_all_brings_it_back(lab: Page) -> None:
    run_menu(lab, "Kernel", "Restart Kernel and Run All Cells…")
    lab.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(figure_of(lab).get_by_label("Window")).to_have_value("3", timeout=PATIENCE)
    figure_of(lab).get_by_label("Window").select_option("2")
    assert in_python(lab).strip() == "the window in Python is 2"
