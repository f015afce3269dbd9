"""The ledger: what each layer of a Keras model has in parameters, costs in arithmetic and sees of the input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lessons_lib.counting import fields, keras_graph, shapes, table
from lessons_lib.counting.expressions import Expression
from lessons_lib.counting.keras_graph import Call
from lessons_lib.counting.multiply_adds import multiply_adds, multiply_adds_anywhere
from lessons_lib.counting.parameters import formula
from lessons_lib.counting.shapes import Shape


@dataclass(frozen=True)
class Row:
    """What `ledger` says about one use of one layer; `ledger` explains the fields."""

    name: str
    kind: str
    output_shape: Shape | None
    formula: str
    numbers: str
    parameters: int
    trainable: int
    multiply_adds: int | None
    receptive_field: int | None

    @property
    def activations(self) -> int | None:
        """Output values per example; None if the model leaves the shape open."""
        return shapes.values(self.output_shape)


@dataclass(frozen=True, repr=False)
class Ledger:
    """A model's counts, row by row: iterate over it, print it, or let a notebook show it as a table."""

    name: str
    inputs: tuple[Shape, ...]
    rows: tuple[Row, ...]

    @property
    def total(self) -> int:
        """Parameters of the model: equal to ``model.count_params()``."""
        return sum(row.parameters for row in self.rows)

    @property
    def trainable(self) -> int:
        """Parameters that training changes."""
        return sum(row.trainable for row in self.rows)

    @property
    def multiply_adds(self) -> int | None:
        """Multiply-adds per example; None if those of a row are unknown."""
        return shapes.total(row.multiply_adds for row in self.rows)

    @property
    def activations(self) -> int | None:
        """Output values of all rows per example; None if those of a row are unknown."""
        return shapes.total(row.activations for row in self.rows)

    def as_rows(self) -> list[dict[str, Any]]:
        """Return one dict a row, for instance for ``pandas.DataFrame``."""
        return [asdict(row) | {"activations": row.activations} for row in self.rows]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        return table.text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return table.html(self)


def ledger(model: Any) -> Ledger:
    """Write down where the parameters and the arithmetic of a built Keras model live.

    Parameters
    ----------
    model : keras.Model
        A built model of any kind: Sequential, functional or subclassed. It is not changed.

    Returns
    -------
    Ledger
        One `Row` for each use of each layer, in the order of the computation; the layers of a model within the model
        are named ``inner/layer``. Inputs have no row. The fields of a row:

        `output_shape`
            Without the batch; of the first output if there are several; None if it is unknown.
        `formula`, `numbers`
            The number of parameters in symbols and with the numbers filled in: kernel length k, or kd, kh and kw by
            axis; input channels C, filters F, groups G, depth multiplier M; other lengths D, H and W. Or "no weights"
            for a layer without any; "shared" where an earlier row counts them all; "as built" where no formula is
            known here (or it does not give the layer's number); "not built" for a layer that the model does not use.
        `parameters`, `trainable`
            How many, and how many of these training changes.
        `multiply_adds`
            Per example: multiplications by a kernel's weights, each with its addition. Products with padding count, and
            a shared layer works in every row. Biases, activations, pooling, normalisation, interpolation, look-ups in
            a table and whatever is done value by value are not counted, and neither are products of two activations:
            attention counts its projections. A row that does nothing but products of two activations (Dot, Attention,
            ``keras.ops.matmul``) has None, not 0, and so has every row whose products are not known here.
        `receptive_field`
            Length in pixels (or words) of what one output value sees, from the first to the last, when the model
            predicts, padding included. It is taken along the first axis after the batch (the height of an image), or
            behind a layer with ``data_format="channels_first"`` along the second. Branches that are merged see from the
            first start to the last end of all of them; they must have the same jump. None where no one length holds for
            all positions or for all inputs (behind Flatten, global pooling, upsampling, attention, recurrent layers),
            and where it is not known: behind functions and classes that are not Keras's own, and behind subclasses
            that override what a layer of Keras computes.

        A subclassed model tells which layers it has and not how they are connected: shapes and receptive fields are
        then None, and multiply-adds are None but for layers that have no products at all.

    Raises
    ------
    TypeError
        If `model` is no Keras model.
    ValueError
        If it is not built.
    RuntimeError
        If this version of Keras lacks a private name that `lessons_lib.counting.keras_graph` needs.

    References
    ----------
    Araujo, Norris & Sim (2019), doi:10.23915/distill.00021, for the receptive field.

    Examples
    --------
    >>> from lessons_lib import keras
    >>> layers = [keras.Input((50, 50, 3)), keras.layers.Conv2D(10, 3, name="conv"), keras.layers.ReLU(name="relu")]
    >>> page = ledger(keras.Sequential(layers, name="net"))
    >>> page.total, page.multiply_adds
    (280, 622080)
    >>> [(row.name, row.formula, row.numbers) for row in page]
    [('conv', '(kh·kw·C + 1)·F', '(3·3·3 + 1)·10'), ('relu', 'no weights', '0')]
    """
    if not (hasattr(model, "layers") and hasattr(model, "count_params")):
        raise TypeError(f"model must be a Keras model. Received: model of type {type(model).__name__}")
    if not model.built:
        raise ValueError(
            "model must be built: start it with a keras.Input, or call model.build((None, 28, 28, 1)). "
            f"Received: {type(model).__name__} {model.name!r}, not built"
        )
    tensors = keras_graph.inputs(model)
    calls = keras_graph.calls(model, tensors)
    book = _Book(model)
    if calls is None:
        book.list_layers(model)
    else:
        book.follow(calls, tensors)
    book.add_own_weights(model)
    return Ledger(model.name, tuple(tuple(tensor.shape[1:]) for tensor in tensors), tuple(book.rows))


class _Book:
    """The rows of a ledger while they are written, one for each call or for each layer that a model lists."""

    def __init__(self, model: Any) -> None:
        self.rows: list[Row] = []
        self.counted: set[int] = set()
        self.trainable = {id(weight) for weight in model.trainable_weights}

    def follow(self, calls: Sequence[Call], inputs: Sequence[Any]) -> None:
        """Add the rows of all `calls`, and pass the receptive fields of the `inputs` on from call to call."""
        # A symbolic tensor is known by its id: `calls` and `inputs` keep all of them alive.
        known = {id(x): fields.Fields.of_input(i, len(x.shape)) for i, x in enumerate(inputs)}
        for call in calls:
            inward, masks = (
                [fields.Tensor(x.shape, known[id(x)]) for x in tensors] for tensors in (call.inputs, call.masks)
            )
            outward = fields.behind(call, inward, masks)
            known |= {id(x): fields.Fields.unknown(len(x.shape)) for x in call.outputs}
            known[id(call.outputs[0])] = outward
            if keras_graph.is_model(call.operation):
                self.list_layers(call.operation, f"{call.name}/")
            elif not call.is_mask:
                shape = tuple(call.outputs[0].shape[1:])
                self.add(call.operation, call.name, shape, multiply_adds(call), outward.size)

    def list_layers(self, model: Any, prefix: str = "") -> None:
        """Add the layers of a model without knowing how they are connected."""
        for name, layer in keras_graph.layers(model, prefix):
            self.add(layer, name, None, multiply_adds_anywhere(layer), None)

    def add_own_weights(self, model: Any) -> None:
        """Add the weights of a model that none of its layers has."""
        if any(id(weight) not in self.counted for weight in model.weights):
            self.add(model, "(own weights)", None, None, None)

    def add(self, layer: Any, name: str, shape: Shape | None, products: int | None, field: int | None) -> None:
        new = [weight for weight in keras_graph.weights(layer) if id(weight) not in self.counted]
        self.counted.update(map(id, new))
        symbols, numbers = _texts(layer, new, formula(layer))
        self.rows.append(
            Row(
                name=name,
                kind=type(layer).__name__,
                output_shape=shape,
                formula=symbols,
                numbers=numbers,
                parameters=shapes.size(new),
                trainable=shapes.size(weight for weight in new if id(weight) in self.trainable),
                multiply_adds=products,
                receptive_field=field,
            )
        )


def _texts(layer: Any, new: Sequence[Any], formula: Expression | None) -> tuple[str, str]:
    """Return the formula in symbols and with the numbers filled in, given the weights that no earlier row counts."""
    weights = keras_graph.weights(layer)
    if not weights:
        return ("no weights" if getattr(layer, "built", True) else "not built"), "0"
    if not new:
        return "shared", "0"
    if formula is None or len(new) < len(weights):
        return "as built", str(shapes.size(new))
    return formula.symbols, formula.numbers
