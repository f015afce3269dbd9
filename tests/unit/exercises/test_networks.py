"""What the judges of Keras models share."""

import numpy as np
import pytest

from lessons_lib import keras
from lessons_lib.exercises import check, networks
from lessons_lib.exercises.judges import Unusable, Wrong


def dense_to(units, *, inputs=(64,), batch=None):
    return keras.Sequential([keras.Input(inputs, batch_size=batch), keras.layers.Dense(units)])


def test_a_model_that_insists_on_a_batch_size_is_judged():
    x = keras.Input((64,), batch_size=3)
    branch = keras.layers.Dense(64, kernel_initializer="zeros")(keras.layers.Dense(64, "relu")(x))
    block = keras.Model(x, keras.layers.ReLU()(keras.layers.Add()([x, branch])))
    assert networks.batch_size(block, 16) == 3
    assert check.quiet_block.judge(block).key == "right"


def test_the_batch_size_is_free_where_the_model_leaves_it_open():
    assert networks.batch_size(dense_to(2), 16) == 16


def test_a_block_keeps_its_weights_while_it_is_judged():
    x = keras.Input((64,))
    branch = keras.layers.Dense(64, kernel_initializer="zeros")(keras.layers.Dense(64, "relu")(x))
    block = keras.Model(x, keras.layers.ReLU()(keras.layers.Add()([x, branch])))
    before = block.get_weights()
    check.quiet_block.judge(block)
    assert all(np.array_equal(one, other) for one, other in zip(before, block.get_weights(), strict=True))


@pytest.mark.parametrize(
    ("net", "said"),
    [
        (dense_to(5, inputs=(7,)), {"inputs": (7,), "outputs": (5,)}),
        (dense_to(4), {"inputs": (64,), "outputs": (4,)}),
    ],
    ids=["other inputs", "other outputs"],
)
def test_other_shapes_are_named(net, said):
    with pytest.raises(Wrong) as found:
        networks.replies(net, np.zeros((2, 64), np.float32), (5,))
    assert (found.value.key, found.value.values) == ("other_shapes", said)


def test_what_stops_without_a_word_is_named_by_its_class():
    class Mute(keras.Model):
        def call(self, _):
            raise RuntimeError

    with pytest.raises(Wrong) as found:
        networks.replies(Mute(), np.zeros((2, 64), np.float32), (5,))
    assert found.value.key == "does_not_run"
    assert found.value.values["said"]


def test_a_budget_is_kept_up_to_its_last_parameter():
    net = dense_to(2)
    networks.check_budget(net, 130)
    with pytest.raises(Wrong, match="over_budget"):
        networks.check_budget(net, 129)


def test_what_is_no_model_or_not_built_costs_no_try():
    for answer, key in ((3, "no_model"), (keras.Sequential([keras.layers.Dense(2)]), "not_built")):
        with pytest.raises(Unusable, match=key):
            networks.built_model(answer)
