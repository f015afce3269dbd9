"""What Keras does not promise to keep: when it is gone, the ledger says so."""

import importlib
import subprocess
import sys

import pytest

from lessons_lib import keras
from lessons_lib.counting import keras_graph, kinds, ledger

layers = keras.layers
# Imported by their full names, for the package itself exports functions alone.
fields, multiply_adds, parameters = (
    importlib.import_module(f"lessons_lib.counting.{name}") for name in ("fields", "multiply_adds", "parameters")
)


@pytest.fixture(autouse=True)
def _forget_classes():
    yield
    for cached in (keras_graph._layer_classes, keras_graph._operation_classes):
        cached.cache_clear()


def forget(monkeypatch, owner, name):
    monkeypatch.delattr(owner, name)
    for cached in (keras_graph._layer_classes, keras_graph._operation_classes):
        cached.cache_clear()


def functional():
    x = keras.Input((4, 4, 1))
    return keras.Model(x, keras.ops.relu(layers.Conv2D(2, 3)(x)))


def grouped():
    x = keras.Input((6, 4))
    return keras.Model(x, layers.GroupQueryAttention(2, 2, 1)(x, x))


@pytest.mark.parametrize(
    ("make", "module", "path", "missing"),
    [
        (functional, "keras.src.ops.function", "Function._run_through_graph", "Functional._run_through_graph"),
        (functional, "keras.src.ops.nn", "Relu", "keras.src.ops.nn.Relu"),
        (functional, "keras.src.ops.numpy", "Add", "keras.src.ops.numpy.Add"),
        (functional, "keras.src.applications.convnext", "LayerScale", "keras.src.applications.convnext.LayerScale"),
        (
            functional,
            "keras.src.applications.inception_resnet_v2",
            "CustomScaleLayer",
            "keras.src.applications.inception_resnet_v2.CustomScaleLayer",
        ),
    ],
)
def test_what_is_gone_is_named_with_the_version(make, module, path, missing, monkeypatch):
    model = make()
    owner = importlib.import_module(module)
    *classes, name = path.split(".")
    for each in classes:
        owner = getattr(owner, each)
    forget(monkeypatch, owner, name)
    with pytest.raises(RuntimeError) as caught:
        ledger(model)
    assert str(caught.value) == (
        f"lessons_lib needs {missing}, which is private and exists in Keras {keras_graph.WRITTEN_FOR}. "
        f"Received: Keras {keras.__version__} without it"
    )


def test_a_module_that_is_gone_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras.src.ops.nn", None)
    keras_graph._operation_classes.cache_clear()
    with pytest.raises(RuntimeError, match=r"needs keras\.src\.ops\.nn, which is private"):
        ledger(functional())


def test_a_sequential_model_without_its_graph_is_not_taken_for_a_subclassed_one():
    model = keras.Sequential([keras.Input((5,)), layers.Dense(2)])
    del model._functional
    with pytest.raises(RuntimeError, match=r"needs Sequential\._functional, which is private"):
        ledger(model)


@pytest.mark.parametrize("name", ["_query_dense", "_key_dense", "_value_dense", "_output_dense"])
def test_a_projection_that_is_gone_is_named(name):
    model = grouped()
    layer = model.layers[-1]
    layer._tracker.unlock()
    delattr(layer, name)
    with pytest.raises(RuntimeError, match=rf"needs GroupedQueryAttention\.{name}, which is private"):
        ledger(model)


@pytest.mark.parametrize("make", [lambda x: keras.ops.softmax(x), lambda x: keras.ops.sum(x, axis=-1)])
def test_the_axis_of_an_operation_that_is_gone_is_named(make):
    x = keras.Input((6, 4))
    y = make(x)
    operation = y._keras_history.operation
    del operation.axis
    call = keras_graph.Call(operation, "operation", {"x": x}, [y])
    with pytest.raises(RuntimeError, match=rf"needs {type(operation).__name__}\.axis, which is private"):
        keras_graph.operation_axes(call.operation)


def test_it_was_written_for_the_version_that_is_pinned():
    assert keras.__version__.startswith(f"{keras_graph.WRITTEN_FOR}.")


def test_layers_are_told_by_class_and_not_by_name():
    class Dense(layers.Layer):
        """A layer that shares its name with one of Keras's."""

    class Mine(layers.Dense):
        """A layer of Keras under another name."""

        def get_config(self):
            return super().get_config()

    class Other(layers.Dense):
        """A layer of Keras that computes something else."""

        def call(self, x):
            return x

    kinds = [(keras_graph.class_name(layer), keras_graph.computes_as(layer)) for layer in (Dense(), Mine(1), Other(1))]
    assert kinds == [(None, None), ("Dense", "Dense"), ("Dense", None)]
    mine = Mine(1)
    mine.call = lambda x: x
    assert keras_graph.computes_as(mine) is None


def test_every_name_in_the_tables_is_a_class_of_keras():
    tables = (
        *(kinds.WITHOUT_PRODUCTS, kinds.ELEMENTWISE, kinds.ALONG_AXES, parameters._FORMULAS),
        *(multiply_adds._BY_POSITION, multiply_adds._OTHERS, fields._LAYERS),
    )
    assert {name for table in tables for name in table} - set(keras_graph._layer_classes().values()) == set()


def test_operations_are_told_from_layers_of_the_same_name():
    x = keras.Input((8, 8, 3))
    operation = keras.ops.average(x, axis=1)._keras_history.operation
    assert (keras_graph.class_name(operation), keras_graph.operation_kind(operation)) == (None, "reduction")


def test_importing_it_loads_no_keras():
    code = "import sys, lessons_lib.counting; sys.exit(bool({'keras', 'tensorflow'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
