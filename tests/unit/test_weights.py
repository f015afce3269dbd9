"""The files of weights for the figures: what is packed is read back as it was, and what does not fit is refused."""

import numpy as np
import pytest

from lessons_lib import models, weights


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("dtype", "rounding", "size"), [("float32", 0, 4), ("float16", 1e-3, 2)])
def test_what_is_packed_is_read_back(folder, dtype, rounding, size):
    model = models.cnn(seed=1)
    packed = weights.pack(model, dtype=dtype)
    assert len(packed) == 5258 * size
    (folder / "net.bin").write_bytes(packed)
    again = weights.load(models.cnn(seed=2), "net", dtype=dtype)
    for old, new in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_allclose(new, old, atol=rounding)


def test_another_architecture_is_refused(folder):
    (folder / "net.bin").write_bytes(weights.pack(models.cnn()))
    with pytest.raises(ValueError, match=r"the 5258 weights of net\.bin\. Received: 50890"):
        weights.load(models.dense(), "net")


def test_weights_that_training_blew_up_are_refused():
    model = models.dense()
    model.set_weights([array + np.nan for array in model.get_weights()])
    with pytest.raises(ValueError, match="weights must hold finite numbers only"):
        weights.pack(model)
    model.set_weights([np.full_like(array, 1e6) for array in model.get_weights()])
    with pytest.raises(ValueError, match="Received: 50890 NaN or infinite"):
        weights.pack(model, dtype="float16")


def test_an_unknown_dtype_is_refused():
    with pytest.raises(ValueError, match="dtype must be one of 'float32', 'float16'"):
        weights.pack(models.dense(), dtype="int8")
