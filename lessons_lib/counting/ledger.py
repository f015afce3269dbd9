"""The ledger: a table of the parameters, multiply-adds and receptive field of each layer of a Keras model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lessons_lib.counting import blocks, fields, keras_graph, shapes, table
from lessons_lib.counting.blocks import Block
from lessons_lib.counting.expressions import Expression
from lessons_lib.counting.keras_graph import Call
from lessons_lib.counting.multiply_adds import multiply_adds, multiply_adds_without_input
from lessons_lib.counting.parameters import formula
from lessons_lib.counting.shapes import Shape


@dataclass(frozen=True)
class Row:
    """The counts for one use of one layer; the documentation of `ledger` explains the fields."""

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
        """Number of output values per example; None if the shape is not fixed."""
        return shapes.values(self.output_shape)


@dataclass(frozen=True, repr=False)
class Ledger:
    """The counts of a model, one row for each use of a layer; it can be iterated over, printed, or shown as a table.

    `ends` holds the numbers of rows after which one tensor alone carries everything on, and the last number of all;
    there are none if the graph of the model is not known.
    """

    name: str
    inputs: tuple[Shape, ...]
    rows: tuple[Row, ...]
    ends: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """Number of parameters of the model, equal to ``model.count_params()``."""
        return sum(row.parameters for row in self.rows)

    @property
    def trainable(self) -> int:
        """Number of parameters that training changes."""
        return sum(row.trainable for row in self.rows)

    @property
    def multiply_adds(self) -> int | None:
        """Number of multiply-adds per example; None if that of a row is unknown."""
        return shapes.total(row.multiply_adds for row in self.rows)

    @property
    def activations(self) -> int | None:
        """Number of output values of all rows per example; None if that of a row is unknown."""
        return shapes.total(row.activations for row in self.rows)

    def blocks(self, names: str | None = None) -> list[Block]:
        r"""Return the model in blocks, from the input to the output; the sums over the blocks are the ledger's totals.

        A block is what lies between two places where one tensor alone carries everything on. So each convolution,
        pooling or dense layer of a chain is a block, and so is all that lies between a branching and the layer that
        merges its branches, or the end of the model if no layer merges them. Normalisation, activation functions and
        dropout belong to the block before them, zero padding and flattening to the one after.

        Parameters
        ----------
        names : str, optional
            A regular expression. Neighbours in which it finds the same text, in the name of every layer, are one
            block: ``r"block_\d+"`` for the blocks of MobileNetV2, of which some have no branches.

        Returns
        -------
        list of Block
            `kind` is "convolution", "pooling", "dense", "residual" (branches that are added), "branches" (that are
            concatenated) or "other"; `layers` counts the layers that multiply by weights. `receptive_field` is that
            of the last layer, the other counts are sums over the block. A name that Keras has made up, such as
            ``conv2d_7``, is replaced by the kind and a number.

        Raises
        ------
        TypeError, ValueError
            If the graph of the model is not known, as that of a subclassed model, or `names` is no regular expression.

        Examples
        --------
        >>> from lessons_lib import keras
        >>> x = keras.Input((8, 8, 3))
        >>> y = keras.layers.Conv2D(4, 3, padding="same")(x)
        >>> z = keras.layers.Add(name="sum")([y, keras.layers.Conv2D(4, 3, padding="same")(y)])
        >>> counts = ledger(keras.Model(x, keras.layers.GlobalAveragePooling2D()(z)))
        >>> [(block.name, block.output_shape, block.parameters) for block in counts.blocks()]
        [('convolution 1', (8, 8, 4), 112), ('sum', (8, 8, 4), 148), ('pooling 1', (4,), 0)]
        """
        return blocks.of(self, names)

    def as_rows(self) -> list[dict[str, Any]]:
        """Return one dict for each row, for instance for ``pandas.DataFrame``."""
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
    """Count the parameters, the multiply-adds and the receptive field of each layer of a built Keras model.

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
            The shape of the (first) output without the batch; None if it is unknown.
        `formula`, `numbers`
            The number of parameters in symbols and with the numbers filled in: kernel length k, or kd, kh and kw by
            axis; input channels C, filters F, groups G, depth multiplier M; other lengths D, H and W. Instead of a
            formula, "no weights" means that the layer has none, "shared" that an earlier row counts all its weights,
            "as built" that no formula here gives the number, and "not built" that the model does not use the layer.
        `parameters`, `trainable`
            The number of parameters, and of those that training changes.
        `multiply_adds`
            The number per example of multiplications by a kernel's weights, each with its addition. Products with
            padding are counted, and a shared layer is counted in every row. Biases, activation functions, pooling,
            normalisation, interpolation, table look-ups and all elementwise operations are not counted. Products of two
            activations are not counted either, so that attention counts its projections only. None if a row computes
            only products of two activations (Dot, Attention, ``keras.ops.matmul``), or if its products are not known
            (as those of functions and classes that are not Keras's own).
        `receptive_field`
            The length, in pixels (or words), of the part of the input on which one output value depends in prediction,
            from its first to its last pixel, with padding. It is measured along the first axis after the batch (the
            height of an image), or along the second after a layer with ``data_format="channels_first"``. The field of
            merged branches extends from the first start to the last end of all of them; they must have the same jump.
            None if the length is not the same for all positions and all inputs (after Flatten, global pooling,
            upsampling, attention, recurrent layers), or if it is not known (after functions and classes that are not
            Keras's own, and after subclasses that change what a layer of Keras computes).

        A subclassed model lists its layers, but not how they are connected. Shapes and receptive fields are then None,
        and multiply-adds are None except for layers that have no products at all. If all its layers are such, the row
        "(own work)" stands for what the model may multiply besides, so that its sum is None, too.

    Raises
    ------
    TypeError
        If `model` is not a Keras model.
    ValueError
        If `model` is not built.
    RuntimeError
        If this version of Keras lacks a private name that `lessons_lib.counting.keras_graph` needs.

    References
    ----------
    Araujo, Norris & Sim (2019), doi:10.23915/distill.00021, for the receptive field.

    Examples
    --------
    >>> from lessons_lib import keras
    >>> layers = [keras.Input((50, 50, 3)), keras.layers.Conv2D(10, 3, name="conv"), keras.layers.ReLU(name="relu")]
    >>> counts = ledger(keras.Sequential(layers, name="net"))
    >>> counts.total, counts.multiply_adds
    (280, 622080)
    >>> [(row.name, row.formula, row.numbers) for row in counts]
    [('conv', '(kh·kw·C + 1)·F', '(3·3·3 + 1)·10'), ('relu', 'no weights', '0')]
    """
    if not (hasattr(model, "layers") and hasattr(model, "count_params")):
        raise TypeError(f"model must be a Keras model. Received: model of type {type(model).__name__}")
    if not model.built:
        raise ValueError(
            "model must be built: begin it with keras.Input, or call model.build((None, 28, 28, 1)). "
            f"Received: {type(model).__name__} {model.name!r}, not built"
        )
    tensors = keras_graph.inputs(model)
    calls = keras_graph.calls(model, tensors)
    writer = _RowWriter(model)
    if calls is None:
        writer.list_layers(model)
    else:
        writer.follow(calls, tensors)
    writer.add_own_weights(model)
    shapes_of_inputs = tuple(tuple(tensor.shape[1:]) for tensor in tensors)
    return Ledger(model.name, shapes_of_inputs, tuple(writer.rows), tuple(writer.ends))


class _RowWriter:
    """Write the rows of a ledger: one for each call, or one for each layer that a model lists."""

    def __init__(self, model: Any) -> None:
        self.rows: list[Row] = []
        self.ends: list[int] = []
        self.counted: set[int] = set()
        self.trainable = {id(weight) for weight in model.trainable_weights}

    def follow(self, calls: Sequence[Call], inputs: Sequence[Any]) -> None:
        """Add the rows of all `calls`, and compute the receptive fields from the `inputs` on, call by call."""
        # The id of a symbolic tensor identifies it, because `calls` and `inputs` keep all of them in memory.
        known = {id(x): fields.Fields.of_input(i, len(x.shape)) for i, x in enumerate(inputs)}
        for call, is_end in zip(calls, blocks.carried_by_one(calls, inputs), strict=True):
            inputs_with_fields, masks = (
                [fields.Tensor(x.shape, known[id(x)]) for x in tensors] for tensors in (call.inputs, call.masks)
            )
            output_fields = fields.of_output(call, inputs_with_fields, masks)
            known |= {id(x): fields.Fields.unknown(len(x.shape)) for x in call.outputs}
            known[id(call.outputs[0])] = output_fields
            if keras_graph.is_model(call.operation):
                self.list_layers(call.operation, f"{call.name}/")
            elif not call.is_mask:
                shape = tuple(call.outputs[0].shape[1:])
                self.add(call.operation, call.name, shape, multiply_adds(call), output_fields.size)
            if is_end:
                self.ends.append(len(self.rows))
        # The calls of a model with several outputs do not end with a single tensor.
        if self.ends[-1:] != [len(self.rows)]:
            self.ends.append(len(self.rows))

    def list_layers(self, model: Any, prefix: str = "") -> None:
        """Add the layers of a model without knowing how they are connected.

        If these have no products, a row of its own says that those of the model are not known.
        """
        before = len(self.rows)
        for name, layer in keras_graph.layers(model, prefix):
            self.add(layer, name, None, multiply_adds_without_input(layer), None)
        if shapes.total(row.multiply_adds for row in self.rows[before:]) is not None:
            self.add(model, f"{prefix}(own work)", None, None, None)

    def add_own_weights(self, model: Any) -> None:
        """Add a row for the weights of a model that belong to none of its layers."""
        if any(id(weight) not in self.counted for weight in model.weights):
            self.add(model, "(own weights)", None, None, None)

    def add(self, layer: Any, name: str, shape: Shape | None, products: int | None, field: int | None) -> None:
        """Add one row, which counts the weights that no earlier row has counted."""
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
