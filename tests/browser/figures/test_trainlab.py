"""The figure TrainLab: networks that learn in the page, kept side by side, linked, and taken to Keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets as t
from playwright.sync_api import Locator, expect

from lessons_lib import data, explorables, keras

SETTINGS = {"network": "CNN", "epochs": 2}
ANOTHER = {"name": "other"}
LONG = 90_000


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def press(root: Locator, name: str) -> None:
    root.get_by_role("button", name=name, exact=True).click()


def choose(root: Locator, label: str, option: str) -> None:
    root.get_by_role("combobox", name=label, exact=True).select_option(option)


def train(root: Locator, number: int) -> None:
    press(root, "Train")
    expect(words(root)).to_contain_text(f"Run {number} is done", timeout=LONG)


def row(root: Locator, number: int) -> list[str]:
    """Return what the table says of a run: what differs, epochs, seconds, accuracy, loss, test."""
    return root.get_by_role("row", name=f"Run {number}").get_by_role("cell").all_inner_texts()


def download(root: Locator, name: str) -> Path:
    with root.page.expect_download() as saved:
        press(root, name)
    return saved.value.path()


def test_python_and_the_page_offer_the_same(root: Locator) -> None:
    traits = explorables.TrainLab.class_traits()
    names = ["data", "examples", "network", "hidden", "width", "optimizer", "learning_rate", "epochs", "batch_size"]
    lists = root.locator("select").evaluate_all("(lists) => lists.map((list) => [...list].map((o) => o.value))")
    for name, options in zip([*names, "dropout", "l2", "shift", "seed"], lists, strict=True):
        trait = traits[name]
        known = trait.values if isinstance(trait, t.Enum) else range(trait.max + 1)
        assert options == [str(value) for value in known], name


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"network": "RNN"}, "RNN"),
        ({"epochs": 3}, "3"),
        ({"seed": 10}, "10"),
        ({"name": "my lab"}, "joined by hyphens"),
    ],
)
def test_refuses_what_it_cannot_train(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(t.TraitError, match=message):
        explorables.TrainLab(**settings)


def test_trains_the_cnn_and_takes_it_to_keras(root: Locator) -> None:
    expect(words(root)).to_have_text("Train shows 2,000 digits to a network of 5,258 weights, 2 times.")
    train(root, 1)
    differs, epochs, seconds, accuracy, loss, tested = row(root, 1)
    assert (differs, epochs, tested) == ("seed 0", "2", "")
    assert float(accuracy) > 0.85
    assert 0 < float(loss) < 0.7
    assert float(seconds) > 0

    file = np.load(download(root, "Weights for Keras"))
    model = keras.models.model_from_json(str(file["model"]))
    model.set_weights([file[name] for name in file.files[1:]])
    digits = data.digits()
    answers = np.asarray(model(digits.x_validation))
    right = answers.argmax(axis=1) == digits.y_validation
    assert right.mean() == pytest.approx(float(accuracy), abs=1.5e-3)
    assert -np.log(answers[np.arange(1000), digits.y_validation]).mean() == pytest.approx(float(loss), abs=1e-3)
    expect(root.get_by_text(f"Validation: {(~right).sum()} of 1000 wrong")).to_be_visible(timeout=LONG)
    code = root.locator("pre").inner_text().splitlines()
    assert [line.replace("run-1.npz", "x") for line in code] == [
        'file = np.load("x")',
        'model = keras.models.model_from_json(str(file["model"]))',
        "model.set_weights([file[name] for name in file.files[1:]])",
    ]
