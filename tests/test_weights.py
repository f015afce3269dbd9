"""The weights that chapters store for their figures: written when asked, and read back as they were."""

import numpy as np
import pytest

from lessons_lib import models, weights


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "FOLDER", tmp_path / "weights")
    return tmp_path / "weights"


@pytest.fixture
def exporting(monkeypatch):
    monkeypatch.setenv("LESSONS_LIB_EXPORT", "1")


@pytest.mark.parametrize(("dtype", "digits", "size"), [("float32", 0, 4), ("float16", 1e-3, 2)])
def test_what_is_stored_is_what_was_trained(folder, exporting, dtype, digits, size):
    model = models.cnn(seed=1)
    weights.export(model, "net", dtype=dtype)
    assert (folder / "net.bin").stat().st_size == 5258 * size
    again = weights.load(models.cnn(seed=2), "net", dtype=dtype)
    for old, new in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_allclose(new, old, atol=digits)


def test_nothing_is_written_unless_the_chapters_are_being_made(folder):
    weights.export(models.dense(), "net")
    assert not folder.exists()


def test_another_architecture_is_refused(folder, exporting):
    weights.export(models.cnn(), "net")
    with pytest.raises(ValueError, match=r"the 5258 weights of net\.bin\. Received: 50890"):
        weights.load(models.dense(), "net")


def test_weights_that_training_blew_up_are_refused(folder, exporting):
    model = models.dense()
    model.set_weights([array + np.nan for array in model.get_weights()])
    with pytest.raises(ValueError, match="weights must hold finite numbers only"):
        weights.export(model, "net")
    model.set_weights([np.full_like(array, 1e6) for array in model.get_weights()])
    with pytest.raises(ValueError, match="Received: 50890 NaN or infinite"):
        weights.export(model, "net", dtype="float16")


def test_an_unknown_dtype_is_refused():
    with pytest.raises(ValueError, match="dtype must be one of 'float32', 'float16'"):
        weights.export(models.dense(), "net", dtype="int8")
