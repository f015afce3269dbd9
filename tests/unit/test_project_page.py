"""The closing page: its programs run as they stand, on folders of pictures like those that it describes."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lessons_lib import keras

PAGE = Path(__file__).parents[2] / "book" / "project.md"


def draw(path: Path, *, is_bright: bool, seed: int) -> None:
    """Write a picture of grey noise, bright or dark, of another size than the programs read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    low = 150 if is_bright else 0
    noise = np.random.default_rng(seed).integers(low, low + 100, (40, 50, 3))
    Image.fromarray(noise.astype(np.uint8)).save(path)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Write the programs of the page and the folders of pictures into the folder that is made the current one."""
    monkeypatch.chdir(tmp_path)
    for part in ("train", "validation", "test"):
        for number in range(12):
            for name in ("cat", "dog"):
                draw(Path("pictures", part, name, f"{number}.png"), is_bright=name == "dog", seed=number)
    draw(Path("new.jpg"), is_bright=True, seed=99)
    codes = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    paths = [tmp_path / f"program_{number}.py" for number in range(len(codes))]
    for path, code in zip(paths, codes, strict=True):
        # What these pictures ask for is learned in a few epochs.
        path.write_text(code.replace('"epochs": 200', '"epochs": 8'), encoding="utf-8")
    return paths


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own
def test_from_folders_to_a_kept_network_that_reads_a_new_picture(
    programs: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    training, reading = programs
    found = runpy.run_path(str(training))
    assert found["names"] == ["cat", "dog"]
    assert sorted(found["tried"]) == [0.0003, 0.001, 0.003, 0.01]
    assert found["best"] == min(found["tried"], key=lambda rate: found["tried"][rate][1])
    assert found["network"].evaluate(found["test"], verbose=0, return_dict=True)["accuracy"] == 1
    kept = keras.models.load_model("own.keras")
    for one, other in zip(kept.get_weights(), found["network"].get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    capsys.readouterr()
    runpy.run_path(str(reading))
    cat, dog = re.findall(r"^(?:cat|dog): (\d\.\d\d)$", capsys.readouterr().out, re.MULTILINE)
    assert float(dog) > 0.5 > float(cat)
